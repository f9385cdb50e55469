#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "daemon/model/page_of.hpp"
#include "daemon/store/sql.hpp"

namespace driftkeeper {

// The rows of one screen beside the number of all.
template <class T>
Result<PageOf<T>> pageOf(Result<std::vector<T>> rows, const Result<std::int64_t>& total) {
    if (!rows) return std::unexpected(rows.error());
    if (!total) return std::unexpected(total.error());
    return PageOf<T>{*std::move(rows), static_cast<std::size_t>(*total)};
}

// A query of a word and a number, without parameters.
inline Result<std::map<std::string, std::size_t>> countsBy(sql::Connection& connection,
                                                           std::string_view query) {
    using Count = std::pair<std::string, std::size_t>;
    const auto rows = connection.rows(query, {}, [](const sql::Row& row) -> Result<Count> {
        return Count{row.text(0), static_cast<std::size_t>(row.integer(1))};
    });
    if (!rows) return std::unexpected(rows.error());
    return std::map<std::string, std::size_t>(rows->begin(), rows->end());
}

}  // namespace driftkeeper
