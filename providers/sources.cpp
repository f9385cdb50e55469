#include "providers/sources.hpp"

#include <utility>

#include "providers/catalog.hpp"

namespace driftkeeper {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view gitCrypt = "\0GITCRYPT\0"sv;

}  // namespace

bool SourceCollector::take(std::string path, std::string text) {
    if (text.starts_with(gitCrypt)) {
        leaveOut(std::move(path), "encrypted");
    } else if (!maySaySomething(path, text)) {
        takePath(std::move(path));
        return false;
    } else if (text.size() > largestFile) {
        leaveOut(std::move(path), "too_large");
    } else if (bytes_ + text.size() > mostBytes) {
        leaveOut(std::move(path), "over_budget");
    } else {
        bytes_ += text.size();
        sources_.files.push_back({std::move(path), std::move(text)});
    }
    return true;
}

void SourceCollector::takePath(std::string path) {
    sources_.files.push_back({std::move(path)});
}

void SourceCollector::takeLink(std::string path, std::string folder) {
    sources_.files.push_back({std::move(path), {}, std::move(folder)});
}

void SourceCollector::leaveOut(std::string path, std::string_view reason) {
    sources_.leftOut.push_back({path, std::string(reason)});
    takePath(std::move(path));
}

}  // namespace driftkeeper
