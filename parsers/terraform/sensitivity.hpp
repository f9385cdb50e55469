#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "parsers/json/json.hpp"

namespace driftkeeper::terraform {

// What of an object must not be shown: the union of several sensitivity masks of a plan (true at
// any level hides all below it). Positions shift between two values of a list, so what is secret at
// one index is secret at each.
class Sensitivity {
public:
    void add(const Json& mask);

    [[nodiscard]] bool hidesAll() const noexcept { return all_; }
    [[nodiscard]] const Sensitivity* key(
        std::string_view name) const noexcept;  // nullptr: nothing hidden there
    [[nodiscard]] const Sensitivity* element() const noexcept { return element_.get(); }

private:
    bool all_ = false;
    std::map<std::string, Sensitivity, std::less<>> keys_;
    std::unique_ptr<Sensitivity> element_;
};

// True when `value` holds something that the mask hides, at any level.
bool holdsHidden(const Json& value, const Sensitivity* mask);

}  // namespace driftkeeper::terraform
