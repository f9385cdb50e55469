#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "parsers/json/json.hpp"
#include "parsers/terraform/address.hpp"

namespace driftkeeper::terraform {

// One resource, data source, or variable of the root module.
struct ConfiguredBlock {
    std::string module;   // "" = root, "module.a.module.b"
    std::string address;  // without instance keys
    bool managed = true;
    bool variable = false;
    std::string_view expressions;  // as written
    std::string_view count;        // as written
    std::string_view forEach;      // as written
    std::string_view dependsOn;    // as written
};

// The `configuration` of a plan: which attributes a block sets, and what its expressions refer to.
// Holds views into the plan's text. Constant values are never kept.
class PlannedConfiguration {
public:
    using Locals = std::map<std::string, std::map<std::string, std::vector<std::string>>>;
    using Blocks = std::vector<std::size_t>;  // indices into blocks(), each once

    // False when `text` is broken. `locals` as in PlanContext; both must outlive this.
    bool read(std::string_view text, const Locals& locals);

    [[nodiscard]] const std::deque<ConfiguredBlock>& blocks() const noexcept { return blocks_; }
    // The block of a resource, whose address may have instance keys.
    [[nodiscard]] const ConfiguredBlock* find(std::string_view address) const;
    [[nodiscard]] std::optional<std::size_t> indexOf(std::string_view address) const;

    // The blocks that one top-level attribute refers to, or all of a block: through variables of
    // module calls, outputs of modules and locals, not through other blocks. Variables of the root
    // module are among them.
    [[nodiscard]] Blocks references(const ConfiguredBlock& block, std::string_view attribute);
    [[nodiscard]] Blocks references(const ConfiguredBlock& block);

private:
    struct Call {
        std::string_view expressions, count, forEach;
    };
    struct Module {
        std::unordered_map<std::string, std::string_view> outputs;
        std::unordered_map<std::string, Call> calls;
    };

    void add(ConfiguredBlock block);
    bool readModule(std::string_view text, const std::string& path, int depth);
    bool readResources(std::string_view text, const std::string& path);
    bool readCalls(std::string_view text, const std::string& path, int depth);
    void follow(std::string_view expression, const std::string& module, Blocks& found, int depth);
    void followReference(std::string_view reference, const std::string& module, Blocks& found,
                         int depth);
    Blocks resolve(std::string_view kind, std::string_view name, const std::string& module,
                   int depth);

    std::deque<ConfiguredBlock> blocks_;
    std::unordered_map<std::string_view, std::size_t> index_;  // by address in blocks_
    std::unordered_map<std::string, Module> modules_;
    std::unordered_map<std::string, Blocks> resolved_;
    const Locals* locals_ = nullptr;
};

// True when a block's expressions give the attribute at `path` a value; indices are not looked at.
bool sets(const Json& expressions, const AttributePath& path);

// The same, and true also where a dynamic block may: a plan does not list those.
bool mayBeSet(const Json& expressions, const AttributePath& path);

// True when they give it a constant that is not null, "", 0, false, [] or {}.
bool setsNonZero(const Json& expressions, const AttributePath& path);

}  // namespace driftkeeper::terraform
