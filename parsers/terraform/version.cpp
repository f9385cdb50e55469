#include "parsers/terraform/version.hpp"

#include <algorithm>
#include <array>
#include <bitset>
#include <charconv>
#include <utility>

#include "parsers/text/ascii.hpp"

namespace driftkeeper::terraform {
namespace {

using Operator = Constraints::Operator;

constexpr std::size_t longestVersion = 256;
constexpr std::size_t longestPattern = 64;

bool isSuffixCharacter(char c) noexcept {
    return isDigit(c) || isLetter(c) || c == '-' || c == '~';
}

// The text up to the separator, which is taken off too.
std::string_view part(std::string_view& text, char separator) noexcept {
    const auto end = std::min(text.find(separator), text.size());
    const auto head = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return head;
}

// Dotted identifiers, none of them empty.
bool isSuffix(std::string_view text) {
    if (text.empty() || text.back() == '.') return false;
    while (!text.empty()) {
        const auto one = part(text, '.');
        if (one.empty() || !std::ranges::all_of(one, isSuffixCharacter)) return false;
    }
    return true;
}

std::optional<std::uint64_t> number(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value > INT64_MAX)
        return std::nullopt;
    return value;
}

std::strong_ordering compareIdentifiers(std::string_view a, std::string_view b) {
    if (a == b) return std::strong_ordering::equal;
    const auto x = number(a);
    const auto y = number(b);
    if (a.empty()) return y ? std::strong_ordering::less : std::strong_ordering::greater;
    if (b.empty()) return x ? std::strong_ordering::greater : std::strong_ordering::less;
    if (x && y) return *x > *y ? std::strong_ordering::greater : std::strong_ordering::less;
    if (x || y) return x ? std::strong_ordering::less : std::strong_ordering::greater;
    return a <=> b;
}

std::strong_ordering comparePrereleases(std::string_view a, std::string_view b) {
    if (a == b) return std::strong_ordering::equal;
    if (a.empty() || b.empty())
        return a.empty() ? std::strong_ordering::greater : std::strong_ordering::less;
    while (!a.empty() || !b.empty()) {
        const auto order = compareIdentifiers(part(a, '.'), part(b, '.'));
        if (order != std::strong_ordering::equal) return order;
    }
    return std::strong_ordering::equal;
}

// A prerelease is compared with nothing but prereleases of the same numbers.
bool mayCompare(const Version& version, const Version& with) {
    if (version.prerelease.empty()) return true;
    return !with.prerelease.empty() && version.numbers == with.numbers;
}

// ~> 1.2.3: 1.2.3 and later ones that begin with 1.2; ~> 1.2 likewise with 1.
bool isPessimistic(const Version& version, const Version& base) {
    if (!mayCompare(version, base) || (!base.prerelease.empty() && version.prerelease.empty()))
        return false;
    if (version < base || base.numbers.size() > version.numbers.size()) return false;
    if (!std::equal(base.numbers.begin(),
                    base.numbers.begin() + static_cast<std::ptrdiff_t>(base.written - 1),
                    version.numbers.begin()))
        return false;
    return base.numbers.back() <= version.numbers[base.numbers.size() - 1];
}

bool allows(const Constraints::One& one, const Version& version) {
    const Version& base = one.version;
    switch (one.sign) {
        case Operator::Equal:
            return version == base;
        case Operator::NotEqual:
            return version != base;
        case Operator::Greater:
            return mayCompare(version, base) && version > base;
        case Operator::Less:
            return mayCompare(version, base) && version < base;
        case Operator::GreaterOrEqual:
            return mayCompare(version, base) && version >= base;
        case Operator::LessOrEqual:
            return mayCompare(version, base) && version <= base;
        case Operator::Pessimistic:
            return isPessimistic(version, base);
    }
    return false;
}

constexpr std::array<std::pair<std::string_view, Operator>, 7> operators{
    {{"!=", Operator::NotEqual},
     {">=", Operator::GreaterOrEqual},
     {"<=", Operator::LessOrEqual},
     {"~>", Operator::Pessimistic},
     {"=", Operator::Equal},
     {">", Operator::Greater},
     {"<", Operator::Less}}};

// A pattern as steps, each of which takes one character, some of them any number of times.
struct Step {
    std::bitset<256> takes;
    bool isOptional = false;
    bool repeats = false;
};

class Pattern {
public:
    explicit Pattern(std::string_view text) : isGood_(text.size() <= longestPattern) {
        if (!isGood_) return;
        if (text.starts_with('^')) {
            fromStart_ = true;
            text.remove_prefix(1);
        }
        while (!text.empty()) read(text);
    }

    [[nodiscard]] bool isFoundIn(std::string_view text) const {
        if (!isGood_) return false;
        States now = after({1});  // bit i: the first i steps are done
        for (const char c : text) {
            if (!toEnd_ && now.test(steps_.size())) return true;
            States next;
            for (std::size_t i = 0; i < steps_.size(); ++i) {
                if (!now.test(i) || !steps_[i].takes.test(static_cast<unsigned char>(c))) continue;
                next.set(i + 1);
                if (steps_[i].repeats) next.set(i);
            }
            if (!fromStart_) next.set(0);
            now = after(next);
        }
        return now.test(steps_.size());
    }

private:
    using States = std::bitset<longestPattern + 1>;

    void read(std::string_view& text) {
        const char first = text.front();
        text.remove_prefix(1);
        if (first == '$' && text.empty()) {
            toEnd_ = true;
            return;
        }
        Step step;
        if (first == '.') {
            step.takes.set();
        } else if (first == '[') {
            step.takes = readClass(text);
        } else if (first == '\\' && !text.empty()) {
            step.takes.set(static_cast<unsigned char>(text.front()));
            text.remove_prefix(1);
        } else {
            step.takes.set(static_cast<unsigned char>(first));
        }
        if (!text.empty() && std::string_view("*+?").contains(text.front())) {
            if (text.front() == '+') steps_.push_back(step);
            step.isOptional = true;
            step.repeats = text.front() != '?';
            text.remove_prefix(1);
        }
        steps_.push_back(step);
        isGood_ = isGood_ && steps_.size() <= longestPattern;
    }

    static std::bitset<256> readClass(std::string_view& text) {
        std::bitset<256> takes;
        const bool isNegated = text.starts_with('^');
        if (isNegated) text.remove_prefix(1);
        for (bool first = true; !text.empty() && (first || text.front() != ']'); first = false) {
            const auto from = static_cast<unsigned char>(text.front());
            const bool isRange = text.size() > 2 && text[1] == '-' && text[2] != ']';
            const auto to = isRange ? static_cast<unsigned char>(text[2]) : from;
            for (unsigned int c = from; c <= to; ++c) takes.set(c);
            text.remove_prefix(isRange ? 3 : 1);
        }
        if (!text.empty()) text.remove_prefix(1);
        return isNegated ? ~takes : takes;
    }

    // With the optional steps that may be left out.
    [[nodiscard]] States after(States states) const {
        for (std::size_t i = 0; i < steps_.size(); ++i)
            if (states.test(i) && steps_[i].isOptional) states.set(i + 1);
        return states;
    }

    std::vector<Step> steps_;
    bool fromStart_ = false;
    bool toEnd_ = false;
    bool isGood_;
};

std::string firstWord(std::string_view text) {
    while (!text.empty()) {
        auto line = part(text, '\n');
        line = trimmed(line.substr(0, line.find('#')));
        if (!line.empty()) return std::string(line);
    }
    return {};
}

}  // namespace

std::weak_ordering Version::operator<=>(const Version& other) const {
    if (numbers == other.numbers) return comparePrereleases(prerelease, other.prerelease);
    const auto count = std::max(numbers.size(), other.numbers.size());
    const auto at = [](const Version& version, std::size_t i) {
        return i < version.numbers.size() ? version.numbers[i] : 0;
    };
    for (std::size_t i = 0; i < count; ++i)
        if (const auto order = at(*this, i) <=> at(other, i); order != std::strong_ordering::equal)
            return order;
    return std::weak_ordering::equivalent;
}

std::optional<Version> versionFrom(std::string_view text) {
    if (text.size() > longestVersion) return std::nullopt;
    if (text.starts_with('v')) text.remove_prefix(1);
    if (const auto plus = text.find('+'); plus != std::string_view::npos) {
        if (!isSuffix(text.substr(plus + 1))) return std::nullopt;
        text = text.substr(0, plus);
    }
    // The numbers end at the first character that cannot belong to them; the dash before a
    // prerelease may be missing.
    const auto end = std::min(text.find_first_not_of("0123456789."), text.size());
    auto suffix = text.substr(end);
    if (suffix.starts_with('-')) {
        suffix.remove_prefix(1);
        if (!isSuffix(suffix)) return std::nullopt;
    } else if (!suffix.empty() && !isSuffix(suffix)) {
        return std::nullopt;
    }
    Version version;
    version.prerelease = suffix;
    auto numbers = text.substr(0, end);
    if (numbers.empty() || numbers.back() == '.') return std::nullopt;
    while (!numbers.empty()) {
        const auto one = number(part(numbers, '.'));
        if (!one) return std::nullopt;
        version.numbers.push_back(*one);
    }
    version.written = version.numbers.size();
    while (version.numbers.size() < 3) version.numbers.push_back(0);
    return version;
}

std::string toText(const Version& version) {
    std::string text;
    for (const auto one : version.numbers) text += (text.empty() ? "" : ".") + std::to_string(one);
    return version.prerelease.empty() ? text : text + "-" + version.prerelease;
}

Version release(const Version& version) {
    return {version.numbers, version.written, ""};
}

bool Constraints::allow(const Version& version) const {
    return std::ranges::all_of(all_, [&](const One& one) { return allows(one, version); });
}

bool Constraints::nameAPrerelease() const noexcept {
    return std::ranges::any_of(all_,
                               [](const One& one) { return !one.version.prerelease.empty(); });
}

std::optional<Constraints> constraintsFrom(std::string_view text) {
    std::vector<Constraints::One> all;
    for (bool more = true; more;) {
        more = text.contains(',');
        auto one = trimmed(part(text, ','));
        auto sign = Operator::Equal;
        for (const auto& [word, meaning] : operators) {
            if (!one.starts_with(word)) continue;
            sign = meaning;
            one = trimmed(one.substr(word.size()));
            break;
        }
        auto version = versionFrom(one);
        if (!version) return std::nullopt;
        all.push_back({sign, *std::move(version)});
    }
    return Constraints(std::move(all));
}

std::optional<VersionRequest> VersionRequest::fromFile(std::string_view text) {
    constexpr std::string_view latestOf = "latest:";
    const auto word = firstWord(text);
    if (word.empty()) return std::nullopt;
    if (word == "latest") return VersionRequest(Kind::Latest, word);
    if (word == "min-required") return VersionRequest(Kind::MinRequired, word);
    if (word == "latest-allowed") return VersionRequest(Kind::LatestAllowed, word);
    if (word.starts_with(latestOf)) {
        VersionRequest request(Kind::LatestMatching, word);
        request.pattern_ = word.substr(latestOf.size());
        return request;
    }
    VersionRequest request(Kind::Constraints, word);
    request.constraints_ = constraintsFrom(word);
    if (!request.constraints_) request.kind_ = Kind::Unreadable;
    return request;
}

bool VersionRequest::fits(const Version& version) const {
    switch (kind_) {
        case Kind::Constraints:
            return constraints_->allow(version);
        case Kind::Latest:
            return version.prerelease.empty();
        case Kind::LatestMatching:
            return matchesPattern(toText(version), pattern_);
        case Kind::MinRequired:
        case Kind::LatestAllowed:
            return true;  // required_version says it all
        case Kind::Unreadable:
            return false;
    }
    return false;
}

bool matchesPattern(std::string_view text, std::string_view pattern) {
    return Pattern(pattern).isFoundIn(text);
}

bool VersionDemand::allows(const Version& version) const {
    if (request && !request->fits(version)) return false;
    const auto isAllowed = [&](const std::string& text) {
        const auto constraints = constraintsFrom(text);
        return !constraints || constraints->nameAPrerelease() ||
               constraints->allow(release(version));
    };
    const bool countsAll = release(version) < *versionFrom("1.12.0");
    return std::ranges::all_of(required, isAllowed) &&
           (!countsAll || std::ranges::all_of(requiredOfTerraform, isAllowed));
}

std::string VersionDemand::text() const {
    std::string text;
    const auto add = [&](const std::string& what, std::string_view source) {
        text += (text.empty() ? "" : ", ") + what + " (" + std::string(source) + ")";
    };
    if (request) add(request->text(), requestFile);
    for (const auto& one : required) add(one, "required_version");
    return text;
}

std::optional<std::size_t> chooseVersion(const std::vector<Version>& there,
                                         const VersionDemand& demand) {
    std::optional<std::size_t> chosen;
    const bool oldest = demand.request && demand.request->wantsOldest();
    for (std::size_t i = 0; i < there.size(); ++i) {
        if (!demand.allows(there[i])) continue;
        if (!chosen || (oldest ? there[i] < there[*chosen] : there[i] > there[*chosen])) chosen = i;
    }
    return chosen;
}

}  // namespace driftkeeper::terraform
