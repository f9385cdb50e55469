#include "daemon/store/note_store.hpp"

#include <utility>

namespace driftkeeper {

using sql::Connection;

Result<void> NoteStore::keep(const std::string& key, const std::string& text) {
    constexpr std::string_view upsert = R"(
        INSERT INTO kept_texts (key, text) VALUES ($1, $2)
        ON CONFLICT (key) DO UPDATE SET text = excluded.text)";
    return database_.write([&](Connection& it) { return sql::done(it.run(upsert, {key, text})); });
}

Result<std::optional<std::string>> NoteStore::find(const std::string& key) {
    return database_.read([&](Connection& it) {
        return it.row("SELECT text FROM kept_texts WHERE key = $1", {key}, sql::firstText);
    });
}

Result<std::string> NoteStore::constant(const std::string& key,
                                        const std::function<std::string()>& make) {
    return database_.write([&](Connection& it) -> Result<std::string> {
        auto known = it.row("SELECT value FROM constants WHERE key = $1", {key}, sql::firstText);
        if (!known) return std::unexpected(known.error());
        if (*known) return **std::move(known);
        std::string made = make();
        const auto written =
            it.run("INSERT INTO constants (key, value) VALUES ($1, $2)", {key, sql::Bytes{made}});
        if (!written) return std::unexpected(written.error());
        return made;
    });
}

}  // namespace driftkeeper
