#include "daemon/git/checkout.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "daemon/git/source_files.hpp"
#include "parsers/text/digest.hpp"
#include "parsers/text/encoding.hpp"
#include "providers/process/remove_tree.hpp"

namespace driftkeeper {

namespace {

namespace fs = std::filesystem;

constexpr const char* goneEnding = ".gone";

// Of all that is written: another submodule, another form of a file is another folder.
std::string nameOf(const SourceTree& tree) {
    std::string list;
    for (const auto& file : tree.files) append(list, file);
    return tree.commit.substr(0, 12) + "-" + hex(sha256(list)).substr(0, 16);
}

// Files of an earlier checkout, by what they hold.
class EarlierFiles {
public:
    explicit EarlierFiles(const Checkout* earlier) : earlier_(earlier) {
        if (earlier == nullptr) return;
        root_ = Descriptor(::open(earlier->root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        for (const auto& entry : earlier->files) byContent_.emplace(entry.second.content, &entry);
    }

    // False: there is none, or it cannot be shared.
    bool link(const TreeFile& file, int folder, const std::string& name) const {
        if (!root_.isOpen()) return false;
        const std::string content = contentOf(file);
        const auto same = earlier_->files.find(file.path);
        if (same != earlier_->files.end() && same->second.content == content)
            return link(*same, folder, name);
        const auto other = byContent_.find(content);
        return other != byContent_.end() && link(*other->second, folder, name);
    }

private:
    bool link(const FolderIndex::value_type& entry, int folder, const std::string& name) const {
        const auto& [path, written] = entry;
        return isAsWritten(root_.get(), path, written, Writers::DaemonOnly) &&
               ::linkat(root_.get(), path.c_str(), folder, name.c_str(), 0) == 0;
    }

    const Checkout* earlier_;
    Descriptor root_;
    std::unordered_map<std::string_view, const FolderIndex::value_type*> byContent_;
};

std::uint64_t sizeOf(const FolderIndex& files) {
    std::uint64_t sum = 0;
    for (const auto& [path, written] : files) sum += written.size;
    return sum;
}

}  // namespace

Error overLimit(const DiskBudget& budget) {
    constexpr double gibibyte = 1U << 30U;
    return Error{Remedy::FixSetup, "checkout_limit",
                 fmt::format("the checkouts would need more than the {:.1f} GiB that they may use",
                             static_cast<double>(budget.limit.load()) / gibibyte)};
}

CheckoutStore::CheckoutStore(fs::path folder, DiskBudget& budget)
    : folder_(std::move(folder)), budget_(budget) {
    std::error_code ignored;
    fs::create_directories(folder_, ignored);
    fs::permissions(folder_, fs::perms::owner_all, ignored);
    std::vector<fs::path> places;
    for (fs::directory_iterator it(folder_, ignored), end; it != end; it.increment(ignored))
        places.push_back(it->path());
    for (const auto& place : places) adopt(place);
}

CheckoutStore::~CheckoutStore() {
    budget_.used -= counted_;
}

// What an earlier run left gives its files to the next one. It goes with the first that is made.
void CheckoutStore::adopt(const fs::path& place) {
    auto index = readIndex(place);
    if (index.empty() || place.extension() == goneEnding) {
        removeTree(place);
        return;
    }
    auto left = std::make_shared<Checkout>();
    left->place = place;
    left->root = place / "src";
    left->files = std::move(index);
    left->allBytes = left->writtenBytes = sizeOf(left->files);
    keep(std::move(left));
}

void CheckoutStore::keep(std::shared_ptr<const Checkout> checkout) {
    const auto bytes = kept_.empty() ? checkout->allBytes : checkout->writtenBytes;
    kept_.push_back({std::move(checkout), bytes});
    count();
}

void CheckoutStore::count() {
    std::uint64_t sum = 0;
    for (const auto& one : kept_) sum += one.bytes;
    budget_.used += sum;
    budget_.used -= counted_;
    counted_ = sum;
}

// What it shared with the next one is the next one's from now on.
fs::path CheckoutStore::takeOut(std::vector<Kept>::iterator one) {
    const auto next = std::next(one);
    if (next != kept_.end())
        next->bytes = one == kept_.begin() ? next->checkout->allBytes : next->bytes + one->bytes;
    fs::path gone = one->checkout->place;
    gone += "-" + std::to_string(++goneNumber_) + goneEnding;
    std::error_code ignored;
    fs::rename(one->checkout->place, gone, ignored);
    kept_.erase(one);
    count();
    return gone;
}

Result<std::shared_ptr<const Checkout>> CheckoutStore::get(std::shared_ptr<const SourceTree> tree,
                                                           const BytesOf& bytesOf) {
    for (const auto& one : kept_)
        if (one.checkout->tree == tree) return one.checkout;
    const fs::path place = folder_ / nameOf(*tree);
    const auto known =
        std::ranges::find(kept_, place, [](const Kept& one) { return one.checkout->place; });
    if (known != kept_.end() && known->checkout->tree) return known->checkout;
    auto made = make(std::move(tree), place, bytesOf);
    if (!made) return made;
    std::erase_if(kept_, [&](const Kept& one) { return one.checkout->place == place; });
    keep(*made);
    return made;
}

Result<std::shared_ptr<const Checkout>> CheckoutStore::make(std::shared_ptr<const SourceTree> tree,
                                                            const fs::path& place,
                                                            const BytesOf& bytesOf) {
    const auto earlier = std::ranges::find_if(kept_.rbegin(), kept_.rend(), [&](const Kept& one) {
        return one.checkout->place != place;
    });
    const EarlierFiles shared(earlier == kept_.rend() ? nullptr : earlier->checkout.get());
    auto made = std::make_shared<Checkout>();
    const PutFile put = [&](const TreeFile& file, int folder,
                            const std::string& name) -> Result<void> {
        if (shared.link(file, folder, name)) return {};
        const auto bytes = bytesOf(file);
        if (!bytes) return std::unexpected(bytes.error());
        made->writtenBytes += bytes->size();
        if (budget_.isOver(made->writtenBytes)) return std::unexpected(overLimit(budget_));
        return writeBytes(file, folder, name, *bytes);
    };
    std::vector<const TreeFile*> files;
    for (const auto& file : tree->files) files.push_back(&file);
    auto written = writeTree(place, files, put, Writers::DaemonOnly);
    if (!written) {
        removeTree(place);
        return std::unexpected(written.error());
    }
    made->place = place;
    made->root = place / "src";
    made->tree = std::move(tree);
    made->files = std::move(*written);
    made->allBytes = sizeOf(made->files);
    return made;
}

std::vector<fs::path> CheckoutStore::takeUnused() {
    std::vector<fs::path> unused;
    for (std::size_t at = 0; at + 1 < kept_.size();) {
        if (kept_[at].checkout.use_count() > 1)
            ++at;
        else
            unused.push_back(takeOut(kept_.begin() + static_cast<std::ptrdiff_t>(at)));
    }
    return unused;
}

}  // namespace driftkeeper
