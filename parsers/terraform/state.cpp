#include "parsers/terraform/state.hpp"

#include <algorithm>
#include <charconv>
#include <set>
#include <unordered_map>
#include <vector>

#include "parsers/graph/identity.hpp"
#include "parsers/json/json.hpp"
#include "parsers/json/json_cursor.hpp"
#include "parsers/json/json_string.hpp"
#include "parsers/terraform/address.hpp"
#include "parsers/text/utf8.hpp"

namespace driftkeeper::terraform {
namespace {

// Source: terraform internal/states/statefile/version4.go at v1.16, OpenTofu v1.12.
struct Instance {
    std::string address;
    std::string id;
    std::vector<std::string> dependencies;  // addresses of the configuration
};

struct Block {
    std::string module, type, name, provider;
    bool managed = true;
    std::string_view instances;
};

std::unexpected<Error> unreadable(std::string message) {
    return failure(Remedy::Report, "invalid_state", std::move(message));
}

// What names a real thing. Values that the state marks as sensitive are not among them; the id
// stays here, for a provider may call it sensitive and only the plan knows.
struct NamingAttributes {
    std::string id, arn, selfLink, path, region;

    [[nodiscard]] std::string identity(std::string_view provider, std::string_view type) const {
        return identityOf(provider, type, id,
                          {.arn = arn, .selfLink = selfLink, .path = path, .region = region});
    }
};

// `attributes`: an object, as written. `sensitive`: [[{"type":"get_attr","value":"NAME"},…],…] as
// written.
NamingAttributes namingAttributes(std::string_view attributes, std::string_view sensitive) {
    std::set<std::string, std::less<>> hidden;
    if (const auto paths = readJson(sensitive.empty() ? "[]" : sensitive))
        for (const auto& path : paths->items) hidden.emplace(path.at(0)["value"].string());
    NamingAttributes names;
    const std::pair<std::string_view, std::string*> wanted[] = {{"id", &names.id},
                                                                {"arn", &names.arn},
                                                                {"self_link", &names.selfLink},
                                                                {"filename", &names.path},
                                                                {"region", &names.region}};
    JsonCursor cursor(attributes);
    cursor.enterObject();
    for (std::string_view key; cursor.nextKey(key);) {
        const auto* const one =
            std::ranges::find(wanted, key, &std::pair<std::string_view, std::string*>::first);
        if (one != std::end(wanted) && cursor.peek() == '"' && !hidden.contains(key))
            *one->second = cursor.string();
        else
            cursor.skip();
    }
    return names;
}

// provider["registry.terraform.io/ns/type"].alias -> registry.terraform.io/ns/type
std::string providerAddress(std::string_view written) {
    const auto begin = written.find('"');
    const auto end = written.find('"', begin + 1);
    if (begin == std::string_view::npos || end == std::string_view::npos)
        return std::string(written);
    return std::string(written.substr(begin + 1, end - begin - 1));
}

std::string addressOf(const Block& block, std::string_view key) {
    std::string address = block.module.empty() ? "" : block.module + '.';
    if (!block.managed) address += "data.";
    address += block.type + '.' + block.name;
    if (!key.empty() && key != "null") address += '[' + std::string(key) + ']';
    return address;
}

class StateReader {
public:
    StateReader(State& state, const ValueTags& tags, RememberedValues* values)
        : state_(state), tags_(tags), values_(values) {}

    bool readResources(JsonCursor& cursor) {
        for (cursor.enterArray(); cursor.nextElement();) {
            Block block;
            cursor.enterObject();
            for (std::string_view key; cursor.nextKey(key);) {
                if (key == "module") {
                    block.module = cursor.string();
                } else if (key == "mode") {
                    block.managed = cursor.string() != "data";
                } else if (key == "type") {
                    block.type = cursor.string();
                } else if (key == "name") {
                    block.name = cursor.string();
                } else if (key == "provider") {
                    block.provider = providerAddress(cursor.string());
                } else if (key == "instances") {
                    block.instances = cursor.skip();
                } else {
                    cursor.skip();
                }
            }
            if (!block.instances.empty() && block.instances != "null" && !readInstances(block))
                return false;
        }
        return !cursor.failed();
    }

    void link() {
        for (const auto& instance : instances_)
            for (const auto& dependency : instance.dependencies) {
                if (const auto it = addresses_.find(dependency); it != addresses_.end())
                    for (const auto& used : it->second) state_.graph.link(instance.address, used);
                if (const auto it = found_.find(dependency); it != found_.end())
                    for (const auto& identity : it->second)
                        state_.graph.need(instance.address, identity);
            }
    }

private:
    bool readInstances(const Block& block) {
        JsonCursor cursor(block.instances);
        for (cursor.enterArray(); cursor.nextElement();) {
            Instance instance;
            std::string key;
            std::string provider = block.provider;
            std::string_view attributes;
            std::string_view sensitive;
            bool deposed = false;
            cursor.enterObject();
            for (std::string_view member; cursor.nextKey(member);) {
                if (member == "index_key") {
                    const auto raw = cursor.peek() == '"' ? jsonString(cursor.string())
                                                          : std::string(cursor.skip());
                    key = raw;
                } else if (member == "attributes" || member == "attributes_flat") {
                    attributes = cursor.skip();
                } else if (member == "sensitive_attributes") {
                    sensitive = cursor.skip();
                } else if (member == "deposed") {
                    deposed = !cursor.string().empty();
                } else if (member == "provider") {
                    provider = providerAddress(cursor.string());
                } else if (member == "dependencies" && cursor.peek() == '[') {
                    for (cursor.enterArray(); cursor.nextElement();)
                        instance.dependencies.push_back(cursor.string());
                } else {
                    cursor.skip();
                }
            }
            if (cursor.failed()) return false;
            instance.address = addressOf(block, key);
            if (deposed) continue;
            const auto identity =
                namingAttributes(attributes, sensitive).identity(provider, block.type);
            if (!keep(block, std::move(instance), attributes, provider, identity)) return false;
        }
        return cursor.finished();
    }

    bool keep(const Block& block, Instance instance, std::string_view attributes,
              const std::string& provider, const std::string& identity) {
        if (!block.managed) {
            const auto value = readJson(attributes.empty() ? "null" : attributes);
            if (!value) return false;
            state_.dataSources[instance.address] = tags_.tag(canonicalText(*value));
            if (!identity.empty()) found_[withoutKeys(instance.address)].push_back(identity);
            return true;
        }
        if (values_ != nullptr) {
            const auto value = readJson(attributes.empty() ? "null" : attributes);
            if (!value) return false;
            values_->add(instance.address, *value, tags_);
        }
        // `id` may be marked sensitive in the state; the plan knows, so it is left to the plan.
        state_.graph.add({instance.address, block.type, "", provider, identity});
        addresses_[withoutKeys(instance.address)].push_back(instance.address);
        instances_.push_back(std::move(instance));
        return true;
    }

    State& state_;
    const ValueTags& tags_;
    RememberedValues* values_;
    std::vector<Instance> instances_;
    std::unordered_map<std::string, std::vector<std::string>>
        addresses_;  // by address of the configuration
    std::unordered_map<std::string, std::vector<std::string>>
        found_;  // identities of what data sources answer
};

std::uint64_t numberOf(std::string_view token) noexcept {
    std::uint64_t number = 0;
    std::from_chars(token.data(), token.data() + token.size(), number);
    return number;
}

}  // namespace

Result<State> parseState(std::string_view text, const ValueTags& tags, RememberedValues* values) {
    State state;
    if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) return state;
    if (!isUtf8(text)) return unreadable("the state is not UTF-8");
    JsonCursor cursor(text);
    StateReader reader(state, tags, values);
    std::string_view version;
    std::set<std::string_view> seen;
    bool good = true;
    bool isEncrypted = false;
    cursor.enterObject();
    for (std::string_view key; cursor.nextKey(key);) {
        good = good && seen.insert(key).second;
        if (key == "version") {
            version = cursor.skip();
        } else if (key == "serial") {
            state.serial = numberOf(cursor.skip());
        } else if (key == "lineage") {
            state.lineage = cursor.string();
        } else if (key == "terraform_version") {
            state.terraformVersion = cursor.string();
        } else if (key == "resources" && cursor.peek() == '[') {
            good = reader.readResources(cursor) && good;
        } else {
            isEncrypted = isEncrypted || key == "encrypted_data";
            cursor.skip();
        }
    }
    if (!cursor.finished() || !good)
        return unreadable("the state is no valid JSON, or it is cut off");
    if (isEncrypted) return failure(Remedy::FixSetup, "encrypted_state", "the state is encrypted");
    if (version != "4") return unreadable("the state is not of version 4");
    reader.link();
    return state;
}

}  // namespace driftkeeper::terraform
