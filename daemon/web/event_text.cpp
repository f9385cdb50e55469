#include "daemon/web/event_text.hpp"

namespace driftkeeper {

std::string eventText(std::string_view event, std::string_view data) {
    std::string text = "event: ";
    for (const char c : event)
        if (c != '\n' && c != '\r') text += c;
    text += "\ndata: ";
    for (std::size_t i = 0; i < data.size(); ++i) {
        const bool windowsEnd = data[i] == '\r' && i + 1 < data.size() && data[i + 1] == '\n';
        if (windowsEnd) continue;
        if (data[i] == '\n' || data[i] == '\r')
            text += "\ndata: ";
        else
            text += data[i];
    }
    return text + "\n\n";
}

}  // namespace driftkeeper
