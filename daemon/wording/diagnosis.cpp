#include "daemon/wording/diagnosis.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "parsers/json/json_writer.hpp"
#include "parsers/text/printable.hpp"

namespace driftkeeper {
namespace {

constexpr std::array<std::string_view, 3> levelWords = {"ok", "warning", "problem"};
constexpr std::array<int, 3> levelColours = {32, 33, 31};

std::size_t indexOf(Diagnosis::Level level) {
    return static_cast<std::size_t>(level);
}

std::size_t countOf(const std::vector<Diagnosis>& all, Diagnosis::Level level) {
    return static_cast<std::size_t>(std::ranges::count(all, level, &Diagnosis::level));
}

std::string levelText(Diagnosis::Level level, bool colour) {
    const std::string word = fmt::format("{:<7}", levelWords[indexOf(level)]);
    return colour ? fmt::format("\x1b[{}m{}\x1b[0m", levelColours[indexOf(level)], word) : word;
}

}  // namespace

std::string diagnosisText(const std::vector<Diagnosis>& all, bool colour) {
    std::size_t widest = 0;
    for (const auto& one : all)
        widest = std::max(widest, std::min<std::size_t>(lengthOf(printable(one.area)), 30));
    std::string text;
    for (const auto& one : all) {
        std::string area = printable(one.area);
        if (const auto length = lengthOf(area); length < widest) area.append(widest - length, ' ');
        text +=
            fmt::format("{}  {}  {}\n", levelText(one.level, colour), area, printable(one.text));
        if (!one.fix.empty())
            text += fmt::format("{:>{}}→ {}\n", "", widest + 11, printable(one.fix));
    }
    return text + fmt::format("\n{} ok, {} warning{}, {} problem{}\n",
                              countOf(all, Diagnosis::Level::Ok),
                              countOf(all, Diagnosis::Level::Warning),
                              countOf(all, Diagnosis::Level::Warning) == 1 ? "" : "s",
                              countOf(all, Diagnosis::Level::Problem),
                              countOf(all, Diagnosis::Level::Problem) == 1 ? "" : "s");
}

std::string diagnosisJson(const std::vector<Diagnosis>& all) {
    JsonWriter json;
    json.beginObject().key("version").number(std::uint64_t{1});
    json.key("ok").number(std::uint64_t{countOf(all, Diagnosis::Level::Ok)});
    json.key("warnings").number(std::uint64_t{countOf(all, Diagnosis::Level::Warning)});
    json.key("problems").number(std::uint64_t{countOf(all, Diagnosis::Level::Problem)});
    json.key("checks").beginArray();
    for (const auto& one : all) {
        json.beginObject().key("area").text(one.area).key("level").text(
            levelWords[indexOf(one.level)]);
        json.key("text").text(one.text).key("fix").textOrNull(one.fix).endObject();
    }
    json.endArray().endObject();
    return std::move(json).take();
}

bool hasProblem(const std::vector<Diagnosis>& all) {
    return countOf(all, Diagnosis::Level::Problem) > 0;
}

}  // namespace driftkeeper
