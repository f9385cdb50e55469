#include "parsers/kubernetes/quantity.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>

#include "parsers/text/ascii.hpp"

namespace driftkeeper::kubernetes {
namespace {

// An amount without rounding: digits × 2^twos × 10^tens.
struct Amount {
    std::string digits;  // no zeros around
    int twos = 0;
    int tens = 0;
};

struct Unit {
    std::string_view name;
    int twos, tens;
};

constexpr std::array units = {
    Unit{"", 0, 0},    Unit{"n", 0, -9},  Unit{"u", 0, -6},  Unit{"m", 0, -3},
    Unit{"k", 0, 3},   Unit{"M", 0, 6},   Unit{"G", 0, 9},   Unit{"T", 0, 12},
    Unit{"P", 0, 15},  Unit{"E", 0, 18},  Unit{"Ki", 10, 0}, Unit{"Mi", 20, 0},
    Unit{"Gi", 30, 0}, Unit{"Ti", 40, 0}, Unit{"Pi", 50, 0}, Unit{"Ei", 60, 0}};

bool readUnit(std::string_view text, Amount& amount) {
    if (text.size() > 1 && (text[0] == 'e' || text[0] == 'E') && text != "Ei") {
        text.remove_prefix(text[1] == '+' ? 2 : 1);
        int exponent = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), exponent);
        amount.tens += exponent;
        return error == std::errc() && end == text.data() + text.size() && std::abs(exponent) < 100;
    }
    const auto* const unit = std::ranges::find(units, text, &Unit::name);
    if (unit == units.end()) return false;
    amount.twos = unit->twos;
    amount.tens += unit->tens;
    return true;
}

std::optional<Amount> amountOf(std::string_view text) {
    Amount amount;
    bool fraction = false;
    std::size_t i = 0;
    for (; i < text.size() && i < 40 && (isDigit(text[i]) || (text[i] == '.' && !fraction)); ++i) {
        if (text[i] == '.')
            fraction = true;
        else {
            amount.digits += text[i];
            amount.tens -= fraction ? 1 : 0;
        }
    }
    if (amount.digits.empty() || !readUnit(text.substr(i), amount)) return std::nullopt;
    amount.digits.erase(0, std::min(amount.digits.find_first_not_of('0'), amount.digits.size()));
    if (amount.digits.empty()) return Amount{"0", 0, 0};
    while (amount.digits.ends_with('0')) {
        amount.digits.pop_back();
        ++amount.tens;
    }
    return amount;
}

// digits × 2^twos, with five more places for each half; at most some hundred digits.
std::string doubled(std::string digits) {
    int carry = 0;
    for (std::size_t i = digits.size(); i-- > 0;) {
        const int value = (digits[i] - '0') * 2 + carry;
        digits[i] = static_cast<char>('0' + value % 10);
        carry = value / 10;
    }
    return carry == 0 ? digits : static_cast<char>('0' + carry) + digits;
}

Amount decimal(Amount amount) {
    for (; amount.twos > 0; --amount.twos) amount.digits = doubled(std::move(amount.digits));
    while (amount.digits.size() > 1 && amount.digits.ends_with('0')) {
        amount.digits.pop_back();
        ++amount.tens;
    }
    return amount;
}

}  // namespace

bool sameQuantity(std::string_view a, std::string_view b) {
    const auto one = amountOf(a), other = amountOf(b);
    if (!one || !other) return false;
    const Amount left = decimal(*one), right = decimal(*other);
    return left.digits == right.digits && left.tens == right.tens;
}

}  // namespace driftkeeper::kubernetes
