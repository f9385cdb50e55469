#include "daemon/page/outbox.hpp"

#include <array>

#include "daemon/page/words.hpp"
#include "parsers/text/encoding.hpp"

namespace driftkeeper::page {
namespace {

constexpr std::array<DeliveryState, 6> states = {DeliveryState::Pending,  DeliveryState::Sending,
                                                 DeliveryState::Dead,     DeliveryState::Delivered,
                                                 DeliveryState::Accepted, DeliveryState::Dropped};

bool mayChange(const Delivery& delivery) {
    return delivery.state == DeliveryState::Pending || delivery.state == DeliveryState::Dead;
}

Html stateTag(DeliveryState state) {
    constexpr std::array<Markup, 6> symbols = {"…", "→", "✓", "✓", "✕", "○"};
    constexpr std::array<Markup, 6> kinds = {"info", "info", "good", "good", "critical", ""};
    const auto at = static_cast<std::size_t>(state);
    Html html;
    return html << "<span class=\"tag " << kinds[at] << "\"><span aria-hidden=\"true\">"
                << symbols[at] << "</span> " << name(state) << "</span>";
}

Html button(const Frame& frame, const Delivery& delivery, Markup action, Markup word) {
    Html html;
    return html << formStart(frame.viewer, action) << "<input type=\"hidden\" name=\"id\" value=\""
                << delivery.id << "\"><button aria-label=\"" << word << ": " << delivery.channel
                << ", " << name(delivery.event) << "\">" << word << "</button></form>";
}

Html buttons(const Frame& frame, const Delivery& delivery) {
    Html html;
    if (!frame.viewer.mayOperate || !mayChange(delivery)) return html;
    return html << "<div class=\"pair\">" << button(frame, delivery, "/do/outbox/retry", "Try now")
                << button(frame, delivery, "/do/outbox/drop", "Drop") << "</div>";
}

Html rowOf(const Frame& frame, const Delivery& delivery) {
    const bool waits = delivery.state == DeliveryState::Pending;
    Html html;
    html << "<tr role=\"row\"><td role=\"cell\" data-label=\"State\"><div>"
         << stateTag(delivery.state)
         << "</div></td><th scope=\"row\" role=\"rowheader\" data-label=\"Channel\"><div>"
         << delivery.channel
         << "</div></th><td role=\"cell\" data-label=\"Event\"><div><a href=\"/incidents/"
         << percentEncoded(delivery.incidentId) << "\">" << name(delivery.event)
         << "</a></div></td><td role=\"cell\" data-label=\"Made\"><div>"
         << moment(delivery.created, frame.now)
         << "</div></td><td role=\"cell\" data-label=\"Attempts\" class=\"number\"><div>"
         << delivery.attempts << "</div></td><td role=\"cell\" data-label=\"Next attempt\"><div>";
    if (waits)
        html << moment(delivery.nextAttempt, frame.now);
    else
        html << "–";
    return html << "</div></td><td role=\"cell\" data-label=\"Last outcome\"><div>"
                << (delivery.lastOutcome.empty() ? std::string("–") : delivery.lastOutcome)
                << "</div></td><td role=\"cell\" data-label=\"Do\"><div>"
                << buttons(frame, delivery) << "</div></td></tr>\n";
}

Html tabs(const OutboxView& view) {
    std::size_t all = 0;
    for (const auto& [state, count] : view.counts) all += count;
    Html html;
    html << "<ul class=\"tabs\"><li><a href=\"/outbox\""
         << either(view.state.empty(), " aria-current=\"true\"", "") << ">All " << all
         << "</a></li>";
    for (const auto state : states) {
        const std::string word(name(state));
        const auto count = view.counts.find(word);
        html << "<li><a href=\"/outbox?state=" << word << "\""
             << either(view.state == word, " aria-current=\"true\"", "") << ">" << word << " "
             << (count == view.counts.end() ? 0 : count->second) << "</a></li>";
    }
    return html << "</ul>\n";
}

}  // namespace

std::string outboxPage(const Frame& frame, const OutboxView& view) {
    Html html;
    html << "<h1>Outbox</h1>\n<p class=\"lead\">Every message to people, from before its first "
            "attempt. Deliveries of "
            "one "
            "incident go out in order.</p>\n"
         << tabs(view)
         << "<section aria-labelledby=\"list\" id=\"live-outbox\" data-live><h2 id=\"list\">"
         << (view.deliveries.total == 1 ? std::string("1 delivery")
                                        : std::to_string(view.deliveries.total) + " deliveries")
         << "</h2>\n";
    if (view.deliveries.rows.empty()) {
        html << "<p class=\"empty\">Nothing here.</p></section>\n";
        return framed(frame, html);
    }
    html << "<table class=\"list cards\" role=\"table\"><caption "
            "class=\"unseen\">Deliveries</caption><thead "
            "role=\"rowgroup\"><tr role=\"row\">";
    for (const Markup column :
         {Markup("State"), Markup("Channel"), Markup("Event"), Markup("Made"), Markup("Attempts"),
          Markup("Next attempt"), Markup("Last outcome"), Markup("Do")})
        html << "<th scope=\"col\" role=\"columnheader\">" << column << "</th>";
    html << "</tr></thead><tbody role=\"rowgroup\">\n";
    for (const auto& delivery : view.deliveries.rows) html << rowOf(frame, delivery);
    html << "</tbody></table>\n"
         << pager({"/outbox",
                   {{"state", view.state}},
                   "page",
                   view.page,
                   pagesOf(view.deliveries.total, deliveriesPerPage)})
         << "</section>\n";
    return framed(frame, html);
}

}  // namespace driftkeeper::page
