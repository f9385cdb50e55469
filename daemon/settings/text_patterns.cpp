#include "daemon/settings/text_patterns.hpp"

#include <algorithm>
#include <array>

#include "daemon/settings/url.hpp"

namespace driftkeeper {
namespace {

const std::string printable = R"([^\u0000-\u001f\u007f])";
const std::string unbroken = R"([^\u0000-\u0020\u007f])";  // and no blank
const std::string port =
    R"(0*([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]))";
const std::string host = R"((\[[A-Za-z0-9._:-]+\]|[A-Za-z0-9._][A-Za-z0-9._-]*))";
const std::string loopback = R"((localhost|127(\.[0-9]+){3}|\[::1\]))";
const std::string rest = "(:" + port + ")?([/?#]" + unbroken + "*)?";
const std::string user = R"(((?!-)[^/?#:\u0000-\u0020\u007f]*@)?)";

const std::string words = "^" + printable + "+$";
const std::string argument = "^(?!-)" + printable + "+$";
const std::string repositoryUrl = "^(/" + printable + "*|file:///" + unbroken + "*|(https|ssh)://" +
                                  user + host + rest + "|http://" + user + loopback + rest +
                                  R"(|(?!-)(?!.*://)([^:/\u0000-\u0020\u007f]*@)?)" + host + ":" +
                                  unbroken + "+)$";

struct Row {
    Judgement (*judge)(std::string_view);
    TextForm form;
};

const std::array rows = {
    Row{judgeText, {argument}},
    Row{judgeWords, {words}},
    Row{judgeName, {"^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$"}},
    Row{judgeStackName,
        {R"(^(?![-/])(?!.*/$)(?!.*//)(?!(.*/)?\.\.(/|$)))" + printable + "{1,255}$"}},
    Row{judgeWorkspace, {"^[A-Za-z0-9._~][A-Za-z0-9._~-]{0,254}$"}},
    Row{judgeRef,
        {R"(^(?![-./])(?!@$)(?!.*(\.\.|@\{|//|/\.|\.lock$|\.$|/$))[^\u0000-\u0020\u007f~^:?*\[\\]+$)"}},
    Row{judgeInnerPath, {R"(^(?![-/])(?!\.\.(/|$))[^\u0000-\u001f\u007f\\]+$)"}},
    Row{judgeCheckoutPath, {R"(^(/[^/\u0000-\u001f\u007f]+)+$)"}},
    Row{judgeFileName, {argument}},
    Row{judgeProgram, {argument}},
    Row{judgeGlob, {R"(^(?!-)(?!.*\*\*\*)(?!.*\[[^\]]*$))" + printable + "+$"}},
    Row{judgePattern, {argument}},
    Row{judgeAttribute, {argument}},
    Row{judgeSecret, {"^" + printable + "{16,}$"}},
    Row{judgeSocket, {"^/" + printable + "{0,106}$", false}},
    Row{judgeHost, {R"(^[A-Za-z0-9._:\[\]-]{1,259}$)"}},
    Row{judgeUser, {R"(^[^:\u0000-\u001f\u007f]+$)"}},
    Row{judgeTimeZone, {"^(?!/)(?!.*//)(?!.*/$)[A-Za-z0-9_+/-]+$", false}},
    Row{judgeRepositoryUrl, {repositoryUrl, false}},
    Row{judgeHttpUrl, {"^https?://" + host + rest + "$", false}},
    Row{judgeMailServer, {"^smtps?://" + host + "(:" + port + ")?/?$", false}},
    Row{judgeMailAddress,
        {R"(^[^\u0000-\u0020\u007f<>()\[\],;:\\"]+@[A-Za-z0-9._][A-Za-z0-9._-]*$)", false}},
};

}  // namespace

const std::string fileNamePattern =
    R"(^(?=.)(?!-)(\$\{CREDENTIALS_DIRECTORY\})?((?!\$\{)[^\u0000-\u001f\u007f])*$)";
const std::string inStackPattern = R"(^(?![-/])[^\u0000-\u001f\u007f\\]+$)";
const std::string backendPattern =
    R"(^(?!-)([^=/\u0000-\u0020\u007f]+=[^\u0000-\u001f\u007f]*|(?!/)[^=\\\u0000-\u001f\u007f]+)$)";
const std::string variableNamePattern =
    "^(?!TF_CLI_ARGS|TF_LOG|LD_|(TF_REATTACH_PROVIDERS|TF_DATA_DIR|TF_WORKSPACE)$)[A-Za-z_][A-Za-"
    "z0-9_]{0,254}$";
const std::string listenPattern = R"(^(\[[^\]]*\]|[^:]*):(0+|)" + port + ")$";
const std::string datePattern = "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$";
const std::string sizePattern = "^[0-9]{1,16}(MiB|GiB|TiB)$";

TextForm formOf(Judgement (*judge)(std::string_view)) {
    const auto* const found = std::ranges::find(rows, judge, &Row::judge);
    return found == rows.end() ? TextForm{} : found->form;
}

std::string clockTimePattern(bool withMidnight) {
    return std::string("^(([01][0-9]|2[0-3]):[0-5][0-9]") + (withMidnight ? "|24:00" : "") + ")$";
}

// Ten years are 315,360,000 seconds: nine digits.
std::string durationPattern(Seconds least) {
    if (least <= Seconds(0)) return "^0*[0-9]{1,9}[smhd]$";
    if (least == Seconds(60)) return "^0*([6-9][0-9]s|[1-9][0-9]{2,8}s|[1-9][0-9]{0,8}[mhd])$";
    return "^0*[1-9][0-9]{0,8}[smhd]$";
}

}  // namespace driftkeeper
