#include <zip.h>

#include <memory>

#include "parsers/terraform/state.hpp"

namespace driftkeeper::terraform {
namespace {

constexpr zip_uint64_t largestMember = 512ULL << 20U;

struct Discard {
    void operator()(zip_t* archive) const noexcept { zip_discard(archive); }
    void operator()(zip_file_t* file) const noexcept { zip_fclose(file); }
};
using Archive = std::unique_ptr<zip_t, Discard>;
using Member = std::unique_ptr<zip_file_t, Discard>;

std::unexpected<Error> broken(std::string message) {
    return failure(Remedy::Report, "invalid_plan_file", std::move(message));
}

Archive openArchive(std::string_view bytes) {
    auto* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, nullptr);
    if (source == nullptr) return nullptr;
    auto* archive = zip_open_from_source(source, ZIP_RDONLY, nullptr);
    if (archive == nullptr) zip_source_free(source);
    return Archive(archive);
}

// The size in the directory of the archive may lie: what is unpacked is counted.
Result<std::string> unpack(zip_t* archive, const char* name) {
    const Member member(zip_fopen(archive, name, 0));
    if (!member) return broken("the plan file holds no readable member " + std::string(name));
    std::string text;
    constexpr std::size_t piece = 1U << 16U;
    for (;;) {
        const auto size = text.size();
        text.resize(size + piece);
        const auto count = zip_fread(member.get(), text.data() + size, piece);
        text.resize(size + static_cast<std::size_t>(count > 0 ? count : 0));
        if (count < 0) return broken("a member of the plan file is broken: " + std::string(name));
        if (count == 0) return text;
        if (text.size() > largestMember)
            return broken("a member of the plan file is too large: " + std::string(name));
    }
}

Result<State> stateIn(const char* name, const std::string& text, const ValueTags& tags,
                      RememberedValues* values = nullptr) {
    auto state = parseState(text, tags, values);
    if (!state) return broken(state.error().within(name).message);
    return state;
}

}  // namespace

Result<PlanFileStates> readPlanFileStates(std::string_view bytes, const ValueTags& tags,
                                          std::optional<std::string_view> knownTag,
                                          StateTexts texts) {
    const auto archive = openArchive(bytes);
    if (!archive) return broken("the plan file is no zip archive");
    auto stored = unpack(archive.get(), "tfstate-prev");
    if (!stored) return std::unexpected(stored.error());
    auto before = stateIn("tfstate-prev", *stored, tags);
    if (!before) return std::unexpected(before.error());
    auto refreshed = unpack(archive.get(), "tfstate");
    if (!refreshed) return std::unexpected(refreshed.error());

    PlanFileStates states;
    if (knownTag) states.afterTag = tags.tag(*refreshed);
    const bool isKnown = !knownTag || states.afterTag == *knownTag;
    RememberedValues* values = isKnown ? nullptr : &states.values;
    auto after = stateIn("tfstate", *refreshed, tags, values);
    if (!after) return std::unexpected(after.error());
    states.before = *std::move(before);
    states.after = *std::move(after);
    if (texts == StateTexts::Kept) {
        states.beforeText = *std::move(stored);
        states.afterText = *std::move(refreshed);
    }
    return states;
}

}  // namespace driftkeeper::terraform
