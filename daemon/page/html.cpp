#include "daemon/page/html.hpp"

#include "parsers/text/printable.hpp"

namespace driftkeeper::page {

void Html::addEscaped(std::string_view text) {
    for (const char c : printable(text)) switch (c) {
            case '&':
                text_ += "&amp;";
                break;
            case '<':
                text_ += "&lt;";
                break;
            case '>':
                text_ += "&gt;";
                break;
            case '"':
                text_ += "&quot;";
                break;
            case '\'':
                text_ += "&#39;";
                break;
            default:
                text_ += c;
        }
}

}  // namespace driftkeeper::page
