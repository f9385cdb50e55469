#include "parsers/terragrunt/unit.hpp"

#include <algorithm>
#include <array>

#include "parsers/hcl/hcl.hpp"
#include "parsers/hcl/lexer.hpp"
#include "parsers/terraform/configuration_json.hpp"
#include "parsers/terraform/source_path.hpp"

namespace driftkeeper::terragrunt {
namespace {

using Locals = std::map<std::string, std::string>;

constexpr std::size_t mostFiles = 200;  // of one unit

// Functions whose first argument is a file that the configuration reads.
constexpr std::array<std::string_view, 5> readers = {
    "read_terragrunt_config", "file", "templatefile", "sops_decrypt_file", "read_tfvars_file"};

bool isTrue(const hcl::Attribute* attribute) {
    return attribute != nullptr && attribute->expression == "true";
}

bool isFalse(const hcl::Attribute* attribute) {
    return attribute != nullptr && attribute->expression == "false";
}

// The sources of the first arguments of all calls of `readers`.
std::vector<std::string> filesRead(std::string_view expression) {
    std::vector<std::string> arguments;
    const auto tokens = hcl::tokenize(expression).list;
    for (std::size_t at = 0; at + 2 < tokens.size(); ++at) {
        if (tokens[at].kind != hcl::TokenKind::Identifier || !tokens[at + 1].is('(')) continue;
        if (std::ranges::find(readers, tokens[at].text) == readers.end()) continue;
        const auto depth = tokens[at + 1].depth;
        auto end = at + 2;
        while (end < tokens.size() && tokens[end].depth > depth &&
               !(tokens[end].is(',') && tokens[end].depth == depth + 1))
            ++end;
        if (end == at + 2) continue;
        const auto* const begin = tokens[at + 2].text.data();
        const auto last = tokens[end - 1].text;
        arguments.emplace_back(begin, last.data() + last.size());
    }
    return arguments;
}

bool isUnitsFile(std::string_view path) {
    return path.ends_with(".hcl") || path.ends_with(".hcl.json");
}

constexpr terraform::BlockShape inTerraform[] = {
    {"extra_arguments", 1}, {"before_hook", 1}, {"after_hook", 1}};
constexpr terraform::BlockShape inFile[] = {
    {"terraform", 0, inTerraform}, {"include", 1, {}, true}, {"dependency", 1}, {"dependencies", 0},
    {"remote_state", 0},           {"generate", 1},          {"locals", 0},     {"exclude", 0},
};

hcl::File readAny(std::string_view path, std::string_view text) {
    return path.ends_with(".json") ? terraform::readJsonBody(text, inFile) : hcl::read(text);
}

// Reads the unit's file and what it includes. What a unit says itself comes before what its
// includes say.
class UnitReader {
public:
    UnitReader(std::string folder, const Tree& tree) : tree_(tree) {
        unit_.folder = std::move(folder);
    }

    Unit run() {
        if (const auto path = unitFileIn(unit_.folder, tree_)) readFile(*path, "");
        return std::move(unit_);
    }

private:
    struct Here {
        Scope scope;
        std::string folder;  // of the file
    };

    void readFile(const std::string& path, const std::string& includeFolder) {
        const auto text = tree_.read(path);
        if (!text || unit_.files.size() >= mostFiles || !unit_.files.insert(path).second) return;
        const auto file = readAny(path, *text);
        unit_.isBroken = unit_.isBroken || file.broken;
        Locals locals;
        for (const auto& block : file.body.blocks)
            if (block.type == "locals")
                for (const auto& local : block.attributes) locals[local.name] = local.expression;
        const auto includes = includedBy(file.body, locals);
        // Functions about "the include" mean the file itself where it is one, else the unit's
        // first.
        std::string included = includeFolder;
        if (included.empty() && !includes.empty()) included = terraform::folderOf(includes.front());
        const Here here{{tree_, unit_.folder, std::move(included), locals},
                        terraform::folderOf(path)};
        if (const auto* inputs = file.body.attribute("inputs")) readInputs(*inputs);
        for (const auto& block : file.body.blocks) readBlock(block, here);
        readOthers(file.body, here);
        for (const auto& include : includes) {
            unit_.includes.push_back(include);
            readFile(include, terraform::folderOf(include));
        }
    }

    std::vector<std::string> includedBy(const hcl::Block& body, const Locals& locals) {
        std::vector<std::string> found;
        const Scope scope{tree_, unit_.folder, "", locals};
        for (const auto& block : body.blocks) {
            unit_.hasInclude = unit_.hasInclude || block.type == "include";
            const auto* path = block.type == "include" ? block.attribute("path") : nullptr;
            const auto text = path == nullptr ? std::nullopt : textOf(path->expression, scope);
            if (auto place = text ? placeOf(*text, unit_.folder) : std::nullopt)
                found.push_back(std::move(*place));
        }
        return found;
    }

    void readBlock(const hcl::Block& block, const Here& here) {
        if (block.type == "terraform") {
            if (const auto* source = block.attribute("source"))
                readSource(source->expression, here);
        } else if (block.type == "dependency" && block.labels.size() == 1) {
            readDependency(block, here);
        } else if (block.type == "remote_state") {
            readRemoteState(block, here);
        } else if (block.type == "generate") {
            const auto* contents = block.attribute("contents");
            if (unit_.backend.empty() && contents != nullptr &&
                contents->expression.contains("backend \""))
                unit_.backend = "?";
        }
    }

    void readSource(const std::string& expression, const Here& here) {
        if (unit_.hasSource) return;
        unit_.hasSource = true;
        const auto text = textOf(expression, here.scope);
        if (!text) return readPossibleSources(expression, here);
        if (!isLocal(*text)) return;
        // PATH//INNER, where the path itself may begin with what a function gave.
        const auto marks = text->find("//", 1);
        const auto root = placeOf(text->substr(0, marks), unit_.folder);
        if (!root) return;
        const auto inner = marks == std::string::npos ? std::string() : text->substr(marks + 2);
        const auto place = terraform::resolved(*root, inner);
        if (!place || *place == unit_.folder) return;
        unit_.sourceFolder = *place;
        unit_.sourceRoot = *root;
    }

    // Of a condition, and of what else is no path: every text in it that names a folder of the
    // tree.
    void readPossibleSources(const std::string& expression, const Here& here) {
        for (const auto& literal : hcl::strings(expression)) {
            const auto text = textOf("\"" + literal + "\"", here.scope);
            if (!text || !isLocal(*text)) continue;
            const auto place = placeOf(withoutMarks(*text), unit_.folder);
            if (place && *place != unit_.folder && tree_.hasFolder(*place))
                unit_.maybe.push_back(*place);
        }
    }

    // PATH//INNER -> PATH/INNER
    static std::string withoutMarks(std::string text) {
        if (const auto marks = text.find("//", 1); marks != std::string::npos) text.erase(marks, 1);
        return text;
    }

    static bool isLocal(std::string_view source) {
        return source.starts_with('/') || source.starts_with("./") || source.starts_with("../") ||
               source == ".";
    }

    void readDependency(const hcl::Block& block, const Here& here) {
        const auto& name = block.labels[0];
        const auto isKnown = [&](const Dependency& one) { return one.name == name; };
        if (isFalse(block.attribute("enabled")) || std::ranges::any_of(unit_.dependencies, isKnown))
            return;
        Dependency found;
        found.name = name;
        if (const auto* path = block.attribute("config_path"))
            if (const auto text = textOf(path->expression, here.scope))
                found.folder = unitAt(*text, here);
        const auto* commands = block.attribute("mock_outputs_allowed_terraform_commands");
        const auto allowed = commands == nullptr ? std::vector<std::string>{"plan"}
                                                 : hcl::strings(commands->expression);
        const auto* mocks = block.attribute("mock_outputs");
        if (mocks != nullptr) found.mocks = mocks->expression;
        found.hasMocks = mocks != nullptr && std::ranges::find(allowed, "plan") != allowed.end();
        const auto* strategy = block.attribute("mock_outputs_merge_strategy_with_state");
        const bool merges = isTrue(block.attribute("mock_outputs_merge_with_state")) ||
                            (strategy != nullptr && !strategy->expression.contains("no_merge"));
        found.mayMixIn = found.hasMocks && merges;
        unit_.dependencies.push_back(std::move(found));
    }

    // A relative path in an include is meant from the unit, in older versions from the include.
    std::string unitAt(const std::string& text, const Here& here) {
        for (const auto& from : {unit_.folder, here.folder}) {
            auto place = placeOf(text, from);
            if (place && isUnitsFile(*place)) place = terraform::folderOf(*place);
            if (place && unitFileIn(*place, tree_)) return *place;
        }
        return {};
    }

    void readRemoteState(const hcl::Block& block, const Here& here) {
        if (!unit_.backend.empty() && unit_.backend != "?") return;
        std::string type;
        const auto* backend = block.attribute("backend");
        if (backend == nullptr || !hcl::stringLiteral(backend->expression, type)) type = "?";
        unit_.backend = type;
        const auto* config = block.attribute("config");
        if (config == nullptr) return;
        for (const auto& member : hcl::objectMembers(config->expression)) {
            std::string literal;
            const bool isLiteral = hcl::stringLiteral(member.expression, literal);
            const auto text = isLiteral ? literal : textOf(member.expression, here.scope);
            if (!text) continue;
            unit_.backendSettings[member.name] =
                isLiteral || !text->starts_with('/') ? *text : "${tree}" + *text;
        }
    }

    void readInputs(const hcl::Attribute& inputs) {
        for (const auto& input : hcl::objectMembers(inputs.expression))
            unit_.inputs.try_emplace(input.name, hcl::traversals(input.expression));
    }

    // Files of values that arguments name: each text of the list that is a path.
    void readVariableFiles(const hcl::Attribute& attribute, const Here& here) {
        const bool isArguments = attribute.name == "arguments";
        if (!isArguments && attribute.name != "required_var_files" &&
            attribute.name != "optional_var_files")
            return;
        constexpr std::string_view flag = "-var-file=";
        for (std::string literal : hcl::strings(attribute.expression)) {
            if (isArguments && !literal.starts_with(flag)) continue;
            if (isArguments) literal.erase(0, flag.size());
            const auto text = textOf("\"" + literal + "\"", here.scope);
            if (const auto place = text ? placeOf(*text, unit_.folder) : std::nullopt)
                readOther(*place, here);
        }
    }

    // Files that expressions read, and what those read in turn.
    void readOthers(const hcl::Block& block, const Here& here) {
        for (const auto& attribute : block.attributes) {
            if (block.type == "extra_arguments") readVariableFiles(attribute, here);
            for (const auto& argument : filesRead(attribute.expression)) {
                const auto text = textOf(argument, here.scope);
                if (!text) continue;
                // A relative path is meant from the unit or from the file, by version.
                for (const auto& from : std::set{unit_.folder, here.folder})
                    if (const auto place = placeOf(*text, from)) readOther(*place, here);
            }
        }
        for (const auto& inner : block.blocks) readOthers(inner, here);
    }

    void readOther(const std::string& path, const Here& here) {
        // Whether it is there nobody asks: one that comes later is the unit's as well.
        if (unit_.files.size() >= mostFiles || !unit_.files.insert(path).second) return;
        const auto text = tree_.read(path);
        if (text && isUnitsFile(path))
            readOthers(readAny(path, *text).body, {here.scope, terraform::folderOf(path)});
    }

    const Tree& tree_;
    Unit unit_;
};

}  // namespace

std::optional<std::string> unitFileIn(const std::string& folder, const Tree& tree) {
    for (const auto name : {unitFile, jsonUnitFile})
        if (auto path = terraform::resolved(folder, name); path && tree.read(*path)) return path;
    return std::nullopt;
}

Unit readUnit(const std::string& folder, const Tree& tree) {
    return UnitReader(folder, tree).run();
}

}  // namespace driftkeeper::terragrunt
