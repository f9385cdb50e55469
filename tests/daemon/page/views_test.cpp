// Every view as a document, compared with golden/NAME.html. With DRIFTKEEPER_REWRITE_GOLDEN set the
// files are written again, and the run fails once.
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <set>

#include "daemon/page/fleet.hpp"
#include "daemon/page/ignores.hpp"
#include "daemon/page/incidents.hpp"
#include "daemon/page/outbox.hpp"
#include "daemon/page/settings.hpp"
#include "daemon/page/silences.hpp"
#include "daemon/page/stack.hpp"
#include "tests/daemon/last_check.hpp"
#include "tests/daemon/quiet.hpp"
#include "tests/support/files.hpp"

using namespace driftkeeper;
using namespace std::chrono_literals;

namespace views_test {
namespace {

const std::filesystem::path golden =
    std::filesystem::path(DRIFTKEEPER_SOURCE_DIR) / "tests/daemon/page/golden";

const TimePoint now = std::chrono::sys_days(std::chrono::year(2026) / 11 / 22) + 19h;
// Text of a repository, which must never become markup.
const std::string hostile = "<script>alert('x')</script> & \"more\"";

// A line for each tag, and no version of an asset: a change of the style is none of a view.
std::string readable(std::string document) {
    for (const char* name : {"app.css", "app.js", "icon.svg"}) {
        const std::string version(page::assetNamed(name)->version);
        for (auto at = document.find(version); at != std::string::npos; at = document.find(version))
            document.replace(at, version.size(), "VERSION");
    }
    for (auto at = document.find("><"); at != std::string::npos; at = document.find("><", at))
        document.insert(at + 1, "\n");
    return document + "\n";
}

void compare(const std::string& name, const std::string& document) {
    CAPTURE(name);
    const auto file = golden / (name + ".html");
    const auto actual = readable(document);
    if (std::getenv("DRIFTKEEPER_REWRITE_GOLDEN") != nullptr) {
        tests::replaceFile(file, actual);
        FAIL_CHECK("golden/ was rewritten: read what changed, then run again");
        return;
    }
    CHECK(actual == tests::readFile(file));
}

page::Frame frameOf(page::View view, const std::string& title, bool mayOperate = true) {
    page::Frame frame;
    frame.title = title;
    frame.view = view;
    frame.path = "/here?q=a b";
    frame.now = now;
    if (mayOperate) frame.viewer = {"ada", true, "csrf-value"};
    return frame;
}

Drift driftOf(const std::string& address, Side side = Side::Live) {
    Drift drift;
    drift.address = address;
    drift.type = "aws_security_group";
    drift.id = "sg-1";
    drift.side = side;
    drift.cause = side == Side::Live ? "out_of_band" : "unapplied";
    drift.severity = Severity::Critical;
    drift.dependents = 3;
    drift.dependentsElsewhere = {{"shop/web", "aws_instance.web"}};
    drift.changedBy = "kubectl-edit, 2026-11-22T10:00:00Z";
    drift.attributes = {{"ingress[0].cidr", "\"10.0.0.0/8\"", "\"0.0.0.0/0\""},
                        {"tags.note", "\"" + std::string("<b>") + "\"", "null"},
                        {"password", R"({"redacted":"hmac:1"})", R"({"redacted":"hmac:2"})", true}};
    return drift;
}

Finding findingOf(const Drift& drift) {
    Finding finding;
    finding.id = "finding of " + drift.address;
    finding.stackId = "stack-1";
    finding.drift = drift;
    finding.firstSeen = now - 2h;
    finding.confirmedAt = now - 119min;
    return finding;
}

Check checkOf() {
    Check check;
    check.id = "check-1";
    check.stackId = "stack-1";
    check.commit = "3f2c1ab09d3f2c1ab09d";
    check.started = now - 65s;
    check.finished = now - 60s;
    check.report.completeness = Completeness::Partial;
    check.report.reason = Reason{"unreadable", "2 resources cannot be read"};
    check.report.resources = 42;
    check.report.coverage = {40, 0, 2};
    check.report.drifts = {driftOf("aws_security_group.web"),
                           driftOf("aws_security_group.db", Side::Git)};
    check.report.notTold = {quiet("output.url", "output_only", "builtin/output_only")};
    check.report.diagnostics = {{Diagnostic::Level::Warning, hostile, "aws_instance.web"}};
    check.report.evidence.toolVersion = "1.14.1";
    check.report.evidence.stateSerial = 5;
    check.report.evidence.providerVersions = {{"registry.terraform.io/hashicorp/aws", "6.1.0"}};
    check.touch = Touch{"9d3f2c1ab09d3f2c1ab0", "Grace", now - 48h, hostile};
    check.log = {{0ms, "preparing the source"}, {1200ms, "planning"}};
    return check;
}

StackStatus statusOf() {
    StackStatus status;
    status.stack.id = "stack-1";
    status.stack.repository = "infra";
    status.stack.provider = "terraform";
    status.stack.name = status.stack.path = "prod/net";
    status.stack.owner = "@acme/network";
    lastCheckOf(status) = checkOf();
    status.lastConclusive = LastConclusive{Verdict::Drifted, "3f2c1ab09d3f2c1ab09d", now - 1h};
    for (const auto& drift : checkOf().report.drifts) status.open.push_back(findingOf(drift));
    return status;
}

StackLine lineOf(const std::string& name, std::optional<Verdict> verdict) {
    StackLine line;
    line.id = "id-" + name;
    line.repository = "infra";
    line.stack = "infra/" + name;
    line.provider = "terraform";
    line.owners = {"@acme/network"};
    line.verdict = verdict;
    if (verdict) line.lastChecked = now - 5min;
    if (verdict == Verdict::Drifted) {
        line.drifts[0][0] = 2;
        line.open[0][2] = {2, now - 2h};
        line.oldestDrift = now - 2h;
    }
    if (verdict == Verdict::Inconclusive) line.reason = Reason{"credentials", hostile};
    return line;
}

IncidentLine incidentOf(const std::string& id) {
    IncidentLine line;
    auto& incident = line.incident;
    incident.id = id;
    incident.subject = "stack-1";
    incident.cause = "out_of_band";
    incident.route = "default";
    incident.channels = {"chat", "mail"};
    incident.opened = incident.announcedAt = now - 1h;
    incident.members = {{"f", "stack-1", "infra/prod/net", "aws_security_group.web", Side::Live,
                         Change::Modified, Severity::Critical, now - 1h}};
    line.members = 14;
    return line;
}

IncidentLine staleness() {
    IncidentLine line;
    line.incident.id = "incident-2";
    line.incident.kind = IncidentKind::Stale;
    line.incident.subject = "stack-1";
    line.incident.opened = now - 3h;
    line.incident.closed = now - 2h;
    line.incident.text = hostile;
    return line;
}

page::StackView stackView() {
    page::StackView view;
    auto& explanation = view.explanation;
    explanation.status = statusOf();
    explanation.clean = CleanCheck{"1ab09d3f2c1ab09d3f2c", "digest", {}, now - 24h};
    explanation.touch = checkOf().touch;
    explanation.reasons = {{"builtin/output_only", "only an output differs"}};
    auto& delivered = explanation.alerts["aws_security_group.web"];
    delivered.state = AlertState::Delivered;
    delivered.channels = {{"chat", AlertState::Delivered, now - 1h, "", std::nullopt}};
    auto& waits = explanation.alerts["aws_security_group.db"];
    waits.state = AlertState::Undelivered;
    waits.channels = {{"mail", AlertState::Undelivered, std::nullopt, hostile, now + 4min}};
    view.running = {{"infra/prod/net", "terraform", now - 2s, "planning", 4.0}};
    view.neighbours = {{Relation::Kind::UsedBy, lineOf("prod/dns", Verdict::InSync)}};
    CheckLine line;
    line.id = "check-1";
    line.commit = "3f2c1ab09d3f2c1ab09d";
    line.started = now - 65s;
    line.finished = now - 60s;
    line.verdict = Verdict::Drifted;
    line.drifts = 2;
    view.history = {{line}, 61};
    auto closed = findingOf(driftOf("aws_instance.web"));
    closed.closed = now - 30min;
    closed.resolution = "in_sync";
    view.closed = {{closed}, 1};
    return view;
}

}  // namespace

TEST_CASE("the fleet, with a filter, a check that runs and a repository, is the golden document") {
    const std::vector<StackLine> lines = {
        lineOf("prod/net", Verdict::Drifted), lineOf("prod/dns", Verdict::InSync),
        lineOf("dev/net", Verdict::Inconclusive), lineOf(hostile, std::nullopt)};
    page::FleetView view;
    view.selection = page::select(lines, view.filter);
    view.running = {{"infra/prod/net", "terraform", now - 2s, "planning", 4.0}};
    RepositoryLine repository;
    repository.lastSync = now - 30s;
    repository.commit = "3f2c1ab09d3f2c1ab09d";
    repository.leftOut = {{"symlink", 2}};
    view.repositories = {{"infra", repository}};
    compare("fleet", page::fleetPage(frameOf(page::View::Fleet, "Fleet"), view));

    view.filter = page::FleetFilter::from({{"q", hostile}, {"verdict", "drifted"}});
    view.selection = page::select(lines, view.filter);
    view.running.clear();
    compare("fleet_nothing_matches",
            page::fleetPage(frameOf(page::View::Fleet, "Fleet", false), view));
}

TEST_CASE("a stack with all that is known of it, and one of its checks, are golden documents") {
    auto frame = frameOf(page::View::Fleet, "infra/prod/net");
    frame.done = "check_requested";
    compare("stack", page::stackPage(frame, stackView()));
    compare("stack_for_readers",
            page::stackPage(frameOf(page::View::Fleet, "infra/prod/net", false), stackView()));
    compare("check",
            page::checkPage(frameOf(page::View::Fleet, "infra/prod/net"), statusOf().stack,
                            checkOf(), {{"builtin/output_only", "only an output differs"}}));
}

TEST_CASE("a stack that was never checked is the golden document") {
    page::StackView view;
    view.explanation.status.stack = statusOf().stack;
    compare("stack_not_checked",
            page::stackPage(frameOf(page::View::Fleet, "infra/prod/net"), view));
}

TEST_CASE("incidents, open and closed, and one of them are golden documents") {
    page::IncidentsView view;
    view.incidents = {{incidentOf("incident-1")}, 26};
    view.stacks = {{"stack-1", "infra/prod/net"}};
    const auto frame = frameOf(page::View::Incidents, "Incidents");
    compare("incidents_open", page::incidentsPage(frame, view));
    view.open = false;
    view.incidents = {{staleness()}, 1};
    compare("incidents_closed", page::incidentsPage(frame, view));
    compare("incident", page::incidentPage(frame, incidentOf("incident-1"), "infra/prod/net", 1));
}

TEST_CASE("the ignore rules are the golden document") {
    page::RuleLine own;
    own.rule.name = "settings/scaling";
    own.rule.match.address = {"aws_autoscaling_group.*"};
    own.rule.match.attribute = {"desired_capacity"};
    own.rule.match.side = {Side::Live};
    own.rule.reason = hostile;
    own.rule.owner = "@acme/network";
    own.rule.expires = now + 24h;
    own.hits = {now - 240h, 12, now - 5min};
    own.origin = "settings";
    own.state = "in force";
    page::RuleLine builtIn;
    builtIn.rule.name = "builtin/output_only";
    builtIn.rule.origin = IgnoreRule::Origin::BuiltIn;
    builtIn.rule.match.cause = {"output_only"};
    builtIn.rule.reason = "only an output differs";
    builtIn.rule.enabled = false;
    builtIn.origin = "built in";
    builtIn.state = "off";
    compare("ignores",
            page::ignoresPage(frameOf(page::View::Ignores, "Ignore rules"), {own, builtIn}));
}

TEST_CASE("silences, with a preview and with a mistake, are golden documents") {
    page::SilencesView view;
    Silence silence;
    silence.id = "silence-1";
    silence.matcher = {"stack=infra/prod/**"};
    silence.reason = hostile;
    silence.by = "ada";
    silence.from = now - 1h;
    silence.until = now + 1h;
    view.silences = {silence};
    view.on = view.total = 1;
    MuteWindow window;
    window.name = "nights";
    window.days = {1, 2};
    window.from = 22h;
    window.to = 6h;
    window.timeZone = "Europe/Berlin";
    window.reason = "nobody is there";
    view.windows = {window};
    view.form = {"stack=infra/prod/** side=live", "2h", hostile};
    view.preview = page::SilencePreview{2, 3, {lineOf("prod/net", Verdict::Drifted)}, false};
    auto frame = frameOf(page::View::Silences, "Silences");
    compare("silences_preview", page::silencesPage(frame, view));
    view.preview.reset();
    frame.failed = hostile;
    compare("silences_mistake", page::silencesPage(frame, view));
}

TEST_CASE("the outbox is the golden document") {
    page::OutboxView view;
    Delivery dead;
    dead.id = "delivery-1";
    dead.incidentId = "incident-1";
    dead.channel = "chat";
    dead.created = now - 73h;
    dead.state = DeliveryState::Dead;
    dead.attempts = 40;
    dead.lastOutcome = hostile;
    Delivery waiting = dead;
    waiting.id = "delivery-2";
    waiting.event = Event::Resolved;
    waiting.state = DeliveryState::Pending;
    waiting.nextAttempt = now + 4min;
    view.deliveries = {{waiting, dead}, 51};
    view.counts = {{"dead", 1}, {"pending", 1}};
    compare("outbox", page::outboxPage(frameOf(page::View::Outbox, "Outbox"), view));
}

TEST_CASE("the settings are the golden document, without a secret") {
    Settings settings;
    settings.stateDirectory = "/var/lib/driftkeeper";
    auto& repository = settings.repositories.emplace_back();
    repository.name = "infra";
    repository.url = "https://git.example.com/infra.git";
    repository.credentials.password.value = "canary";
    auto& chat = settings.channels.emplace_back();
    chat.name = "chat";
    chat.secrets["webhook_url"].value = "canary";
    settings.providers["terraform"].environment = {{"AWS_SECRET_ACCESS_KEY", "canary"}};
    settings.heartbeat = HeartbeatSettings{{"canary", {}}, 300s};
    const auto document =
        page::settingsPage(frameOf(page::View::Settings, "Settings"), settings,
                           {{"stack=infra/prod/**", {"chat"}, "repeat every 4 h"}}, "strict");
    CHECK(document.find("canary") == std::string::npos);
    compare("settings", document);
}

TEST_CASE("the login and a page that only says something are golden documents") {
    auto frame = frameOf(page::View::Other, "Log in", false);
    frame.failed = "This token is not known.";
    compare("login", page::loginPage(frame, "/stacks/infra%2Fnet"));
    compare("message", page::messagePage(frameOf(page::View::Other, "Not found"), "Not found",
                                         "There is no stack " + hostile));
}

TEST_CASE("what comes from outside is text in every golden document, and each belongs to a view") {
    std::set<std::string> views;
    for (const auto& entry : std::filesystem::directory_iterator(golden)) {
        CAPTURE(entry.path().string());
        const auto document = tests::readFile(entry.path());
        CHECK(document.find("<script>") == std::string::npos);
        CHECK(document.find("<b>\"") == std::string::npos);
        CHECK(document.find(" style=") == std::string::npos);
        views.insert(entry.path().stem());
    }
    CHECK(views.size() == 16);
}

}  // namespace views_test
