#include "providers/cloudformation/cloudformation_provider.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "parsers/graph/cause.hpp"
#include "tests/providers/cloudformation/cloud_world.hpp"
#include "tests/support/run.hpp"

using namespace driftkeeper;
using nlohmann::json;
using tests::awsPrograms;
using tests::CloudWorld;

namespace cloudformation_provider_test {
namespace {

const std::string webTemplate = R"(
Parameters:
  Delay: { Type: Number, Default: 1 }
  Password: { Type: String, NoEcho: true }
Resources:
  Jobs:
    Type: AWS::SQS::Queue
    Properties: { QueueName: jobs, DelaySeconds: !Ref Delay }
  Mail:
    Type: AWS::SQS::Queue
    Properties: { QueueName: mail }
  News:
    Type: AWS::SNS::Topic
    Properties: { DisplayName: news, KmsMasterKeyId: !Sub "${Password}" }
  Hook:
    Type: Custom::Hook
    Properties: { Target: !Ref Jobs }
)";

json resource(const std::string& id, const std::string& type, const std::string& physical,
              json drift = nullptr) {
    json result{{"id", id}, {"type", type}, {"physical", physical}};
    if (!drift.is_null()) result["drift"] = std::move(drift);
    return result;
}

json inSync(const json& properties = json::object()) {
    return {{"status", "IN_SYNC"}, {"expected", properties}, {"actual", properties}};
}

json modified(const json& expected, const json& actual) {
    return {{"status", "MODIFIED"},
            {"expected", expected},
            {"actual", actual},
            {"differences", json::array({json::array({"/X", "1", "2", "NOT_EQUAL"})})}};
}

// A stack that was deployed from webTemplate and is in sync, but for Hook, which nobody can check.
json webStack() {
    return {{"template", webTemplate},
            {"parameters",
             {{{"ParameterKey", "Delay"}, {"ParameterValue", "1"}},
              {{"ParameterKey", "Password"}, {"ParameterValue", "****"}}}},
            {"resources",
             {resource("Jobs", "AWS::SQS::Queue",
                       "https://sqs.eu-central-1.amazonaws.com/123456789012/jobs",
                       inSync({{"QueueName", "jobs"}, {"DelaySeconds", 1}})),
              resource("Mail", "AWS::SQS::Queue",
                       "https://sqs.eu-central-1.amazonaws.com/123456789012/mail",
                       inSync({{"QueueName", "mail"}})),
              resource("News", "AWS::SNS::Topic", "arn:aws:sns:eu-central-1:123456789012:news",
                       inSync({{"DisplayName", "news"}, {"KmsMasterKeyId", "****"}})),
              resource("Hook", "Custom::Hook", "hook-1")}}};
}

struct Room : CloudWorld {
    explicit Room(const std::string& program = "/usr/bin/aws") : CloudWorld(program) {
        write("template.yaml", webTemplate);
        put("web", webStack());
    }
};

std::string codeOf(const Report& report) {
    return report.reason ? report.reason->code : "";
}

// ADDRESS SIDE CHANGE CAUSE path: git -> live …
std::vector<std::string> told(const Report& report) {
    std::vector<std::string> all;
    for (const auto& drift : report.drifts) {
        std::string text = drift.address + " " + std::string(name(drift.side)) + " " +
                           std::string(name(drift.change)) + " " + drift.cause;
        for (const auto& one : drift.attributes)
            text += " " + one.path + ": " + one.git + " -> " + one.live;
        all.push_back(text);
    }
    return all;
}

// All that leaves a report.
std::string everything(const Report& report) {
    std::string all = report.reason ? report.reason->text : "";
    for (const auto& line : told(report)) all += line + "\n";
    for (const auto& drift : report.drifts) {
        all += drift.id + drift.note;
        for (const auto& one : drift.attributes) all += one.before;
    }
    for (const auto& one : report.diagnostics) all += one.summary + one.address;
    for (const auto& one : report.graph.resources()) all += one.address + one.id + one.identity;
    for (const auto& tie : report.graph.offers()) all += tie.address + tie.key;
    for (const auto& tie : report.graph.needs()) all += tie.address + tie.key;
    return all + report.evidence.stateLineage + report.evidence.toolVersion;
}

using Told = std::vector<std::string>;

}  // namespace

TEST_CASE("in sync with something unsupported, then every way to drift: with each aws") {
    for (const auto& program : awsPrograms()) {
        CAPTURE(program);
        Room room(program);
        room.put("web", [] {
            auto stack = webStack();
            stack["detection"] = {{"polls", 3}};
            return stack;
        }());
        auto report = room.look();
        CHECK_MESSAGE(verdictOf(report) == Verdict::InSync, everything(report));
        CHECK(report.resources == 4);
        CHECK(report.coverage == Coverage{3, 1, 0});
        CHECK(report.evidence.toolVersion.size() >= 5);
        CHECK(report.evidence.stateLineage.starts_with(
            "arn:aws:cloudformation:eu-central-1:123456789012:stack/web/"));
        CHECK(std::ranges::count(room.actions(), "DescribeStackDriftDetectionStatus") == 4);
        CHECK(report.graph.dependentsOf("Jobs") == Told{"Hook"});
        CHECK(report.graph.resources()[2].identity == "arn:aws:sns:eu-central-1:123456789012:news");

        auto stack = webStack();
        stack["resources"][0]["drift"] = modified({{"QueueName", "jobs"}, {"DelaySeconds", 1}},
                                                  {{"QueueName", "jobs"}, {"DelaySeconds", 9}});
        stack["resources"][1]["drift"] = {{"status", "DELETED"},
                                          {"expected", {{"QueueName", "mail"}}}};
        stack["resources"][2]["drift"] =
            modified({{"DisplayName", "news"}, {"KmsMasterKeyId", "****"}},
                     {{"DisplayName", "news"}, {"KmsMasterKeyId", "canary-key"}});
        stack["resources"][2]["drift"]["differences"] = json::array();
        stack["resources"][3]["drift"] = {{"status", "UNSUPPORTED"}};
        room.put("web", stack);
        report = room.look();
        CHECK_MESSAGE(verdictOf(report) == Verdict::Drifted, everything(report));
        CHECK(report.completeness == Completeness::Complete);
        CHECK(report.coverage == Coverage{3, 1, 0});
        CHECK(told(report) == Told{"Jobs live modified out_of_band DelaySeconds: 1 -> 9",
                                   "Mail live deleted out_of_band",
                                   "News live modified out_of_band"});
        CHECK(report.drifts[0].dependents == 1);
        CHECK_FALSE(everything(report).contains("canary"));
    }
}

TEST_CASE("more resources than a page holds: with each aws") {
    for (const auto& program : awsPrograms()) {
        CAPTURE(program);
        Room room(program);
        std::string text = "Resources:\n";
        auto stack = webStack();
        stack["resources"] = json::array();
        for (int i = 0; i < 250; ++i) {
            const auto id = "Q" + std::to_string(i);
            text += "  " + id + ": { Type: AWS::SQS::Queue, Properties: { DelaySeconds: 1 } }\n";
            stack["resources"].push_back(
                resource(id, "AWS::SQS::Queue", id, inSync({{"DelaySeconds", 1}})));
        }
        stack["template"] = text;
        stack["resources"][249]["drift"] = modified({{"DelaySeconds", 1}}, {{"DelaySeconds", 2}});
        room.put("web", stack);
        room.write("template.yaml", text);
        const auto report = room.look();
        CHECK(report.coverage == Coverage{250, 0, 0});
        CHECK(told(report) == Told{"Q249 live modified out_of_band DelaySeconds: 1 -> 2"});
        CHECK(std::ranges::count(room.actions(), "DescribeStackResourceDrifts") == 3);
        CHECK(std::ranges::count(room.actions(), "ListStackResources") == 3);
    }
}

TEST_CASE("what goes wrong before anything is seen has its own reason: with each aws") {
    for (const auto& program : awsPrograms()) {
        CAPTURE(program);
        Room room(program);
        const auto sane = room.workspace;
        const auto codeWith = [&](auto change) {
            room.workspace = sane;
            change(room.workspace);
            const auto report = room.look();
            CHECK(verdictOf(report) == Verdict::Inconclusive);
            CHECK_FALSE(everything(report).contains("canary"));
            return codeOf(report);
        };
        CHECK(codeWith([](Workspace& w) { w.environment.erase("AWS_ACCESS_KEY_ID"); }) ==
              "credentials");
        CHECK(codeWith([](Workspace& w) { w.environment["AWS_ACCESS_KEY_ID"] = "AKIDOTHER"; }) ==
              "credentials");
        CHECK(codeWith([](Workspace& w) { w.environment["AWS_SESSION_TOKEN"] = "expired"; }) ==
              "credentials");
        CHECK(codeWith([](Workspace& w) { w.environment["AWS_PROFILE"] = "nobody"; }) ==
              "credentials");
        CHECK(codeWith([](Workspace& w) { w.options.erase("region"); }) == "no_region");
        CHECK(codeWith([](Workspace& w) { w.options["endpoint_url"] = {"http://127.0.0.1:1"}; }) ==
              "unreachable");
    }
    Room room;
    room.workspace.options["program"] = {"no-such-aws"};
    CHECK(codeOf(room.look()) == "tool_missing");
    room.workspace.options["program"] = {"/bin/false"};
    CHECK(codeOf(room.look()) == "tool_failed");
    room.workspace.options["program"] = {"/bin/true"};
    CHECK(codeOf(room.look()) == "output_unreadable");
}

TEST_CASE("states in which nothing can be compared are inconclusive, never in sync") {
    Room room;
    const auto codeIn = [&](const char* status) {
        auto stack = webStack();
        stack["status"] = status;
        room.put("web", stack);
        const auto report = room.look();
        CHECK(report.completeness == Completeness::Failed);
        return codeOf(report);
    };
    for (const char* status : {"UPDATE_IN_PROGRESS", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"})
        CHECK(codeIn(status) == "stack_busy");
    for (const char* status : {"ROLLBACK_COMPLETE", "DELETE_FAILED"})
        CHECK(codeIn(status) == "stack_failed");
}

TEST_CASE("a stack that is not there is an unapplied commit, or was deleted") {
    Room room;
    room.workspace.options["stack_name"] = {"other"};
    auto report = room.look();
    CHECK(verdictOf(report) == Verdict::Unapplied);
    REQUIRE(report.drifts.size() == 4);
    CHECK(told(report)[0] == "Hook git created unapplied_commit");
    LastClean clean;
    clean.evidence.stateLineage = "arn:aws:cloudformation:eu-central-1:123456789012:stack/other/1";
    report = room.look(clean);
    CHECK(verdictOf(report) == Verdict::Drifted);
    CHECK(told(report)[0] == "Hook live deleted out_of_band");
    CHECK(report.drifts[0].note == "the stack other does not exist");
    // A change set that was never executed leaves this.
    auto stack = webStack();
    stack["status"] = "REVIEW_IN_PROGRESS";
    room.put("other", stack);
    CHECK(verdictOf(room.look()) == Verdict::Unapplied);
}

TEST_CASE("Git moved: template, parameter, both sides, and back to what is live") {
    Room room;
    auto text = tests::replaced(webTemplate, "QueueName: mail", "QueueName: post");
    text = tests::replaced(text, "DisplayName: news", "DisplayName: live");
    text = tests::replaced(text, "Hook:", "NewHook:");
    room.write("template.yaml", text);
    room.write("prod.json", R"([{"ParameterKey": "Delay", "ParameterValue": "5"},
                               {"ParameterKey": "Password", "ParameterValue": "canary-password"}])");
    room.workspace.options["parameters_file"] = {"prod.json"};
    auto stack = webStack();
    stack["resources"][1]["drift"] = modified({{"QueueName", "mail"}}, {{"QueueName", "other"}});
    stack["resources"][2]["drift"] = modified({{"DisplayName", "news"}}, {{"DisplayName", "live"}});
    room.put("web", stack);
    const auto report = room.look();
    CHECK(told(report) == Told{"Hook git deleted unapplied_commit",
                               R"(Jobs git modified unapplied_commit DelaySeconds: "5" -> 1)",
                               R"(Mail both modified conflict QueueName: "post" -> "other")",
                               "NewHook git created unapplied_commit",
                               R"(News live modified converged DisplayName: "live" -> "live")"});
    CHECK(report.drifts[2].attributes[0].before == R"("mail")");
    CHECK_FALSE(everything(report).contains("canary"));
    // The same files at the last look that was in sync: somebody deployed something else.
    LastClean clean;
    clean.commit = "c1";
    CHECK(told(room.look(clean))[0] == "Hook live created applied_elsewhere");
}

TEST_CASE("what could not be read makes the look partial, and what could counts") {
    Room room;
    auto stack = webStack();
    stack["resources"][0]["drift"] = modified({{"DelaySeconds", 1}}, {{"DelaySeconds", 9}});
    stack["resources"][1]["drift"] = {{"status", "UNKNOWN"}, {"reason", "no handler"}};
    // Older CLIs drop the reason (DriftStatusReason): for them only the status says it.
    stack["resources"][2]["drift"] = {{"status", "UNKNOWN"}, {"reason", "User is not authorized"}};
    room.put("web", stack);
    auto report = room.look();
    CHECK(report.completeness == Completeness::Partial);
    CHECK(codeOf(report) == "unreadable_resources");
    CHECK(report.reason->text.contains("Mail, News"));
    CHECK(report.coverage == Coverage{1, 1, 2});
    CHECK(told(report) == Told{"Jobs live modified out_of_band DelaySeconds: 1 -> 9"});
    // The detection itself says that it failed.
    stack["resources"][1]["drift"] = nullptr;
    stack["resources"][2]["drift"] = inSync();
    stack["detection"] = {{"status", "DETECTION_FAILED"},
                          {"reason", "Failed to detect drift on resource [Mail]"}};
    room.put("web", stack);
    report = room.look();
    CHECK(report.completeness == Completeness::Partial);
    CHECK(codeOf(report) == "detection_failed");
    CHECK(report.coverage == Coverage{2, 1, 1});
    CHECK(told(report) == Told{"Jobs live modified out_of_band DelaySeconds: 1 -> 9"});
}

TEST_CASE("a permission that is missing leaves the other side") {
    Room room;
    room.write("template.yaml", tests::replaced(webTemplate, "QueueName: mail", "QueueName: post"));
    room.behave({{"errors",
                  {{"DetectStackDrift",
                    {{"code", "AccessDenied"}, {"message", "not authorized"}, {"status", 403}}}}}});
    auto report = room.look();
    CHECK(report.completeness == Completeness::Partial);
    CHECK(codeOf(report) == "access_denied");
    CHECK(report.coverage == Coverage{0, 0, 4});
    CHECK(told(report) ==
          Told{R"(Mail git modified unapplied_commit QueueName: "post" -> "mail")"});
    room.behave({{"errors",
                  {{"DetectStackDrift", {{"times", 0}, {"code", ""}, {"message", ""}}},
                   {"GetTemplate",
                    {{"code", "AccessDenied"}, {"message", "not authorized"}, {"status", 403}}}}}});
    auto stack = webStack();
    stack["resources"][0]["drift"] = modified({{"DelaySeconds", 1}}, {{"DelaySeconds", 9}});
    room.put("web", stack);
    report = room.look();
    CHECK(report.completeness == Completeness::Partial);
    CHECK(codeOf(report) == "access_denied");
    CHECK(told(report) == Told{"Jobs live modified out_of_band DelaySeconds: 1 -> 9"});
}

TEST_CASE("throttled: waited for, and told when it does not end") {
    Room room;
    room.behave({{"throttle", {{"DetectStackDrift", 2}, {"DescribeStackResourceDrifts", 1}}}});
    const auto start = room.now;
    auto report = room.look();
    CHECK_MESSAGE(verdictOf(report) == Verdict::InSync, everything(report));
    CHECK(room.now - start >= std::chrono::seconds(8));
    room.behave({{"throttle", {{"*", 1000}}}});
    report = room.look();
    CHECK(report.completeness == Completeness::Failed);
    CHECK(codeOf(report) == "throttled");
}

TEST_CASE("another detection of the stack is waited for, one that never ends is not") {
    Room room;
    auto stack = webStack();
    stack["detection"] = {{"busy", 2}};
    room.put("web", stack);
    CHECK(verdictOf(room.look()) == Verdict::InSync);
    CHECK(std::ranges::count(room.actions(), "DetectStackDrift") == 3);
    room.workspace.options["detection_timeout"] = {"12"};
    stack["detection"] = {{"polls", 1000}};
    room.put("web", stack);
    const auto report = room.look();
    CHECK(report.completeness == Completeness::Partial);
    CHECK(codeOf(report) == "detection_timeout");
    CHECK(report.coverage == Coverage{0, 0, 4});
}

TEST_CASE("a deployment in the middle of a look makes it worthless") {
    Room room;
    room.behave({{"on",
                  {{"DescribeStackResourceDrifts",
                    {{"stack", "web"}, {"set", {{"updated", "2026-02-01T00:00:00.000Z"}}}}}}}});
    const auto report = room.look();
    CHECK(report.completeness == Completeness::Failed);
    CHECK(codeOf(report) == "moving");
}

TEST_CASE("nested stacks are looked at too, against their own template in Git") {
    Room room;
    const std::string arn = "arn:aws:cloudformation:eu-central-1:123456789012:stack/";
    const std::string inner =
        "Resources:\n  Q: { Type: AWS::SQS::Queue, Properties: { QueueName: q } }\n";
    const std::string child = R"(
Resources:
  Grand: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: "https://s3.amazonaws.com/b/grand.yaml" } }
  T: { Type: AWS::SNS::Topic, Properties: { DisplayName: t } }
)";
    const std::string root = R"(
Resources:
  Child: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: ./child.yaml } }
  User: { Type: AWS::SNS::Topic, Properties: { DisplayName: !GetAtt Child.Outputs.X } }
)";
    const auto packaged =
        tests::replaced(root, "./child.yaml", "\"https://s3.amazonaws.com/b/1.template\"");
    const json url{{"TemplateURL", "https://s3.amazonaws.com/b/1.template"}};
    room.put("web",
             {{"template", packaged},
              {"resources",
               {resource("Child", "AWS::CloudFormation::Stack", arn + "web-Child/1", inSync(url)),
                resource("User", "AWS::SNS::Topic", "u", inSync())}}});
    room.put(
        "web-Child",
        {{"id", arn + "web-Child/1"},
         {"template", child},
         {"resources",
          {resource("Grand", "AWS::CloudFormation::Stack", arn + "web-Child-Grand/1", inSync()),
           resource("T", "AWS::SNS::Topic", "t", inSync({{"DisplayName", "t"}}))}}});
    room.put("web-Child-Grand",
             {{"id", arn + "web-Child-Grand/1"},
              {"template", inner},
              {"resources",
               {resource("Q", "AWS::SQS::Queue", "q",
                         modified({{"QueueName", "q"}}, {{"QueueName", "live"}}))}}});
    room.write("template.yaml", root);
    room.write("child.yaml", tests::replaced(child, "DisplayName: t", "DisplayName: git"));
    auto report = room.look();
    CHECK_MESSAGE(report.completeness == Completeness::Complete, everything(report));
    CHECK(
        told(report) ==
        Told{
            R"(Child git modified cosmetic TemplateURL: "./child.yaml" -> "https://s3.amazonaws.com/b/1.template")",
            R"(Child/Grand/Q live modified out_of_band QueueName: "q" -> "live")",
            R"(Child/T git modified unapplied_commit DisplayName: "git" -> "t")"});
    CHECK(report.drifts[1].dependents ==
          3);  // the two stacks around it, and who uses the outer one
    CHECK(report.coverage == Coverage{5, 0, 0});
    CHECK(report.resources == 5);
}

TEST_CASE("no secret leaves a look, and none stays on the disk") {
    Room room;
    room.write("prod.yaml",
               "template-file-path: web/template.yaml\nparameters:\n  Password: canary-password\n  "
               "Delay: 5\n");
    room.workspace.options["deployment_file"] = {"prod.yaml"};
    room.workspace.options["stack_name"] = {"web"};
    auto stack = webStack();
    stack["status_reason"] = "canary-password";
    stack["detection"] = {{"status", "DETECTION_FAILED"},
                          {"reason", "Mail: canary-password was refused"}};
    stack["resources"][2]["drift"] = modified(
        {{"DisplayName", "news"},
         {"KmsMasterKeyId", "canary-expected"},
         {"ApiToken", "canary-expected"}},
        {{"DisplayName", "other"}, {"KmsMasterKeyId", "canary-live"}, {"ApiToken", "canary-live"}});
    room.put("web", stack);
    const auto report = room.look();
    CHECK(codeOf(report) == "detection_failed");
    CHECK(
        std::ranges::any_of(report.drifts, [](const Drift& one) { return one.address == "News"; }));
    CHECK_MESSAGE(!everything(report).contains("canary"), everything(report));
    CHECK(tests::run({"grep", "-rlaF", "canary", room.workspace.privateDirectory.string()})
              .out.empty());
}

}  // namespace cloudformation_provider_test
