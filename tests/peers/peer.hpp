#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/http_receiver.hpp"

namespace driftkeeper::tests {

using Json = nlohmann::json;

// A service that cannot be had here, as its documents describe it: it checks every request and
// answers as the service would. One thread at a time.
class Peer {
public:
    virtual ~Peer() = default;

    virtual HttpAnswer answer(const HttpRequest& request) = 0;

    // What was wrong with the requests so far, one sentence each.
    [[nodiscard]] const std::vector<std::string>& complaints() const { return complaints_; }

protected:
    // Complains unless it holds; gives back what it was given.
    bool expect(bool holds, const std::string& what) {
        if (!holds) complaints_.push_back(what);
        return holds;
    }

    // The body as JSON, an empty object after a complaint.
    Json jsonOf(const HttpRequest& request) {
        expect(request.headers.contains("content-type") &&
                   request.headers.at("content-type").starts_with("application/json"),
               "the content type is not JSON");
        auto json = Json::parse(request.body, nullptr, false);
        expect(json.is_object() || json.is_array(), "the body is no JSON");
        return json.is_discarded() ? Json::object() : json;
    }

    // A text member of at most so many characters (code points).
    std::string text(const Json& object, const std::string& key, std::size_t most,
                     bool needed = true) {
        const auto it = object.find(key);
        if (it == object.end()) {
            expect(!needed, key + " is missing");
            return {};
        }
        if (!expect(it->is_string(), key + " is no text")) return {};
        auto value = it->get<std::string>();
        std::size_t characters = 0;
        for (const char c : value)
            characters += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
        expect(characters <= most, key + " has " + std::to_string(characters) + " characters, " +
                                       std::to_string(most) + " are allowed");
        expect(!needed || !value.empty(), key + " is empty");
        for (const char c : value) {
            const bool isControl = static_cast<unsigned char>(c) < 0x20 && c != '\n';
            if (!expect(!isControl && c != 0x7f, key + " holds a control character")) break;
        }
        return value;
    }

private:
    std::vector<std::string> complaints_;
};

}  // namespace driftkeeper::tests
