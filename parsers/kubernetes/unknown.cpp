#include "parsers/kubernetes/unknown.hpp"

#include <algorithm>

#include "parsers/graph/cause.hpp"
#include "parsers/kubernetes/difference.hpp"
#include "parsers/kubernetes/json_edit.hpp"
#include "parsers/kubernetes/shape.hpp"

namespace driftkeeper::kubernetes {
namespace {

// SOPS' envelope of a value (getsops/sops, aes/cipher.go), and its beginning in base64.
constexpr std::string_view envelope = "ENC[AES256_GCM,";
constexpr std::string_view envelopeInBase64 = "RU5DW0FFUzI1Nl9HQ00s";

// Calls `visit` with every value and its path, from above; one that it answers true for is not
// entered.
template <class Visit>
void walk(Json& value, Path& path, Visit visit) {
    if (!path.empty() && visit(value, path)) return;
    const auto enter = [&](Step step, Json& below) {
        path.push_back(std::move(step));
        walk(below, path, visit);
        path.pop_back();
    };
    if (value.isObject()) {
        for (std::size_t i = 0; i < value.items.size(); ++i)
            enter({Step::Kind::Member, value.keys[i], nullptr, {}}, value.items[i]);
        return;
    }
    const Keys keys = path.empty() || !value.isArray() ? Keys() : listKeys(path.back().text, value);
    for (std::size_t i = 0; i < value.items.size(); ++i) {
        if (keys.empty()) {
            enter({Step::Kind::Index, std::to_string(i), nullptr, {}}, value.items[i]);
            continue;
        }
        const Json item = value.items[i];  // keeps its keys while it is changed
        enter(itemStep(item, keys), value.items[i]);
    }
}

bool isEncrypted(const Json& value) {
    return value.string().starts_with(envelope) || value.string().starts_with(envelopeInBase64);
}

bool holdsEncrypted(const Json& value) {
    return isEncrypted(value) || std::ranges::any_of(value.items, holdsEncrypted);
}

// The members of a dotenv file that SOPS encrypted: sops_version, sops_mac, …
void takeDotenv(Json& body) {
    Json* data = find(body, "data");
    if (data == nullptr || !data->has("sops_mac")) return;
    for (const std::string& key : std::vector<std::string>(data->keys))
        if (key.starts_with("sops_")) erase(*data, key);
}

}  // namespace

Unknown takeEncrypted(Json& body) {
    Unknown found;
    if (!holdsEncrypted(body)) return found;
    const Json& sops = body["sops"];
    if (sops.isObject() && (sops.has("mac") || sops.has("lastmodified") || sops.has("version")))
        erase(body, "sops");
    takeDotenv(body);
    Path path;
    walk(body, path, [&](Json& value, const Path& at) {
        if (!isEncrypted(value)) return false;
        Path stored = at;  // the server stores stringData as data
        if (stored.front().text == "stringData") stored.front().text = "data";
        found.emplace(toText(stored), cause::encrypted);
        return true;
    });
    return found;
}

Unknown differingIn(const Json& one, const Json& other) {
    Unknown found;
    for (const Difference& difference : differences(one, other))
        found.emplace(toText(difference.path), cause::random);
    return found;
}

Json withLive(const Json& git, const Json& live, const Unknown& unknown) {
    Json result = git;
    Path path;
    walk(result, path, [&](Json& value, const Path& at) {
        if (!unknown.contains(toText(at))) return false;
        if (const Json& there = valueAt(live, at); !there.isNull()) value = there;
        return true;
    });
    return result;
}

Json withoutUnknown(const Json& git, const Unknown& unknown) {
    Json result = git;
    Path path;
    walk(result, path, [&](Json& value, const Path& at) {
        if (!unknown.contains(toText(at))) return false;
        value = Json();
        return true;
    });
    return result;
}

}  // namespace driftkeeper::kubernetes
