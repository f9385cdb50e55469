#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Versions and constraints as Terraform's family reads them: hashicorp/go-version 1.7 (version.go,
// constraint.go), which `required_version` is read by in Terraform 1.x and OpenTofu 1.x.
namespace driftkeeper::terraform {

struct Version {
    std::vector<std::uint64_t> numbers;  // at least three; what was not written is 0
    std::size_t written = 0;             // how many of them were written
    std::string prerelease;              // "beta1"; empty: a release

    // Metadata (+build) does not count. Shorter versions are filled with zeros.
    std::weak_ordering operator<=>(const Version& other) const;
    bool operator==(const Version& other) const {
        return (*this <=> other) == std::weak_ordering::equivalent;
    }
};

std::optional<Version> versionFrom(std::string_view text);  // nullopt: no version
std::string toText(const Version& version);                 // 1.5.0-beta1
Version release(const Version& version);                    // without its prerelease

// ">= 1.2, != 1.4.0, < 2.0.0-rc1": all of them must allow a version.
class Constraints {
public:
    enum class Operator {
        Equal,
        NotEqual,
        Greater,
        Less,
        GreaterOrEqual,
        LessOrEqual,
        Pessimistic
    };
    struct One {
        Operator sign;
        Version version;
    };

    explicit Constraints(std::vector<One> all) : all_(std::move(all)) {}

    // A prerelease is allowed only by a constraint that names a prerelease of the same numbers, by
    // = or by !=.
    [[nodiscard]] bool allow(const Version& version) const;
    [[nodiscard]] bool nameAPrerelease() const noexcept;

private:
    std::vector<One> all_;
};

std::optional<Constraints> constraintsFrom(std::string_view text);  // nullopt: malformed

// What a .terraform-version (tfenv 3) or .opentofu-version (tofuenv 1, tenv 4) asks for: a version,
// constraints, `latest`, `latest:REGEX`, `min-required` or `latest-allowed`.
class VersionRequest {
public:
    // Of the first line that is neither empty nor a comment; nullopt: nothing is asked for. A line
    // that cannot be read is a request that nothing fits.
    static std::optional<VersionRequest> fromFile(std::string_view text);

    [[nodiscard]] bool fits(const Version& version) const;
    [[nodiscard]] bool wantsOldest() const noexcept {
        return kind_ == Kind::MinRequired;
    }                                                                         // of what fits
    [[nodiscard]] const std::string& text() const noexcept { return text_; }  // as written

private:
    enum class Kind { Constraints, Latest, LatestMatching, MinRequired, LatestAllowed, Unreadable };
    VersionRequest(Kind kind, std::string text) : kind_(kind), text_(std::move(text)) {}

    Kind kind_;
    std::string text_;
    std::optional<Constraints> constraints_;
    std::string pattern_;
};

// True when a regular expression of . [ ] * + ? ^ $ \ and plain characters is found somewhere in
// the text (others have no special meaning). At most 64 bytes of pattern, else false. Linear.
bool matchesPattern(std::string_view text, std::string_view pattern);

// What a configuration requires of the program. Constraints that the program itself refuses
// (malformed, or with a prerelease) are left to it.
struct VersionDemand {
    std::optional<VersionRequest> request;
    std::vector<std::string>
        required;             // every `required_version` of the root and of its modules, as written
    std::string requestFile;  // name of the file that holds `request`
    // Of .tf files, asked of OpenTofu: it counts them before 1.12 only.
    std::vector<std::string> requiredOfTerraform{};

    [[nodiscard]] bool asksForNothing() const noexcept { return !request && required.empty(); }
    [[nodiscard]] bool allows(const Version& version) const;
    [[nodiscard]] std::string text()
        const;  // "1.5.7 (.terraform-version), ~> 1.5 (required_version)"
};

// The newest (for `min-required` the oldest) of those that are allowed, the first of equals: its
// position. nullopt: none.
std::optional<std::size_t> chooseVersion(const std::vector<Version>& there,
                                         const VersionDemand& demand);

}  // namespace driftkeeper::terraform
