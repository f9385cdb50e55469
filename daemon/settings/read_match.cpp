#include "daemon/settings/sections.hpp"

namespace driftkeeper {

void readRouteMatch(Reading& reading, const Place& place, RouteMatch& match) {
    Section section(reading, place);
    reading.texts(section.take("repository"), match.repository, judgeText, Show::Yes);
    reading.texts(section.take("stack"), match.stack, judgeGlob, Show::Yes);
    readWords<std::string>(reading, section.take("provider"), match.provider, providerWords, sameWord);
    readWords<Side>(reading, section.take("side"), match.side, sideWords, sideWord);
    readWords<Change>(reading, section.take("change"), match.change, changeWords, changeWord);
    readWords<Severity>(reading, section.take("severity"), match.severity, severityWords, severityWord);
    reading.texts(section.take("owner"), match.owner, judgeText, Show::Yes);
    reading.texts(section.take("type"), match.type, judgeGlob, Show::Yes);
    readWords<std::string>(reading, section.take("kind"), match.kind, kindWords, sameWord);
    section.close();
}

}  // namespace driftkeeper
