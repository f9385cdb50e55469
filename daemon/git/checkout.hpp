#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "daemon/git/source_tree.hpp"
#include "daemon/git/tree_folder.hpp"
#include "parsers/result.hpp"

namespace driftkeeper {

// How much disk checkouts may use, and do. Thread-safe.
struct DiskBudget {
    std::atomic<std::uint64_t> limit{0};    // bytes; 0: none
    std::atomic<std::uint64_t> used{0};     // by checkouts and copies
    std::atomic<std::uint64_t> written{0};  // by looks over a checkout, when last counted

    [[nodiscard]] bool isOver(std::uint64_t more = 0) const {
        return limit > 0 && used + written + more > limit;
    }
};

Error overLimit(const DiskBudget& budget);  // checkout_limit (FixSetup)

// A commit's tree on disk. Nobody writes into it once it is made, and it stays as long as somebody
// holds it.
struct Checkout {
    std::filesystem::path place;  // what writeTree() makes
    std::filesystem::path root;   // PLACE/src
    std::shared_ptr<const SourceTree> tree;
    FolderIndex files;
    std::uint64_t allBytes = 0;      // of all files
    std::uint64_t writtenBytes = 0;  // of those that it did not share when it was made
};

// The checkouts of one repository: those that somebody holds, and the newest. A new one shares
// every file that did not change with the one before it, by hard links. For one thread at a time.
class CheckoutStore {
public:
    // The bytes of a plain or executable file.
    using BytesOf = std::function<Result<std::string>(const TreeFile& file)>;

    // `folder`: its own; what is there from an earlier run is used, or goes.
    CheckoutStore(std::filesystem::path folder, DiskBudget& budget);
    ~CheckoutStore();
    CheckoutStore(const CheckoutStore&) = delete;
    CheckoutStore& operator=(const CheckoutStore&) = delete;

    // The checkout of a tree, made when there is none. Errors: those of writeTree() and `bytesOf`;
    // checkout_limit (FixSetup).
    Result<std::shared_ptr<const Checkout>> get(std::shared_ptr<const SourceTree> tree,
                                                const BytesOf& bytesOf);

    // Takes out what nobody holds, but the newest: folders to remove, which may take a while.
    std::vector<std::filesystem::path> takeUnused();

private:
    struct Kept {
        std::shared_ptr<const Checkout> checkout;
        std::uint64_t bytes = 0;  // that would be free without it
    };
    Result<std::shared_ptr<const Checkout>> make(std::shared_ptr<const SourceTree> tree,
                                                 const std::filesystem::path& place,
                                                 const BytesOf& bytesOf);
    void adopt(const std::filesystem::path& place);
    void keep(std::shared_ptr<const Checkout> checkout);
    std::filesystem::path takeOut(std::vector<Kept>::iterator one);
    void count();

    std::filesystem::path folder_;
    DiskBudget& budget_;
    std::uint64_t counted_ = 0;  // its part of the budget
    std::uint64_t goneNumber_ = 0;
    std::vector<Kept> kept_{};  // the newest last
};

}  // namespace driftkeeper
