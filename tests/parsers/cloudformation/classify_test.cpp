#include "parsers/cloudformation/classify.hpp"

#include <algorithm>

#include "parsers/graph/cause.hpp"
#include "tests/parsers/cloudformation/json.hpp"

using namespace driftkeeper;
using namespace driftkeeper::cloudformation;
using tests::json;

namespace classify_test {
namespace {

constexpr std::string_view queueTemplate = R"(
Parameters:
  Delay: { Type: Number, Default: 1 }
  Password: { Type: String, NoEcho: true }
Conditions:
  IsSlow: !Equals [!Ref Delay, "9"]
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: jobs
      DelaySeconds: !Ref Delay
      Tags: [{ Key: team, Value: net }]
  Topic:
    Type: AWS::SNS::Topic
    Properties: { DisplayName: news }
Outputs:
  Name: { Value: !GetAtt Queue.QueueName }
)";

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

struct World {
    StackSides sides;
    ValueTags tags{"key"};

    World() {
        sides.stack.id = "arn:aws:cloudformation:eu-central-1:123456789012:stack/web/1";
        sides.stack.name = "web";
        sides.stack.parameters = {{"Delay", {"1", ""}}, {"Password", {"****", ""}}};
        sides.resources = {
            {"Queue", "https://sqs/jobs", "AWS::SQS::Queue", "CREATE_COMPLETE", ""},
            {"Topic", "arn:aws:sns:r:1:news", "AWS::SNS::Topic", "CREATE_COMPLETE", ""}};
        deploy(std::string(queueTemplate));
    }

    void deploy(const std::string& text) { sides.deployed = sides.git = *readTemplate(text); }
    void commit(const std::string& text) { sides.git = *readTemplate(text); }
    void commit(std::string_view from, std::string_view to) {
        commit(replaced(std::string(queueTemplate), from, to));
    }
    void see(const std::string& id, const std::string& status, const char* expected = nullptr,
             const char* live = nullptr) {
        ResourceDrift drift{id, status, {}, {}, {}, {}};
        if (expected != nullptr) drift.expected = json(expected);
        if (live != nullptr) drift.live = json(live);
        sides.checked.push_back(std::move(drift));
    }

    // ADDRESS SIDE CHANGE CAUSE path: git -> live …
    std::vector<std::string> told(bool sourceMoved = true) const {
        std::vector<std::string> all;
        for (const auto& drift : classify(sides, sourceMoved, tags)) {
            std::string text = drift.address + " " + std::string(name(drift.side)) + " " +
                               std::string(name(drift.change)) + " " + drift.cause;
            for (const auto& one : drift.attributes)
                text += " " + one.path + ": " + one.git + " -> " + one.live;
            all.push_back(text);
        }
        return all;
    }
};

using Told = std::vector<std::string>;

constexpr const char* queueExpected =
    R"({"QueueName":"jobs","DelaySeconds":1,"Tags":[{"Key":"team","Value":"net"}]})";

}  // namespace

TEST_CASE("nothing differs, nothing is told") {
    World world;
    world.see("Queue", "IN_SYNC", queueExpected, queueExpected);
    world.see("Topic", "IN_SYNC");
    CHECK(world.told() == Told{});
}

TEST_CASE("live moved: modified and deleted") {
    World world;
    world.see(
        "Queue", "MODIFIED", queueExpected,
        R"({"QueueName":"jobs","DelaySeconds":"7","Tags":[{"Key":"team","Value":"ops"},{"Key":"new","Value":"1"}]})");
    world.see("Topic", "DELETED", R"({"DisplayName":"news"})");
    CHECK(world.told() ==
          Told{R"(Queue live modified out_of_band DelaySeconds: 1 -> "7" Tags.new: null -> "1" )"
               R"(Tags.team: "net" -> "ops")",
               "Topic live deleted out_of_band"});
    CHECK(classify(world.sides, true, world.tags)[0].id == "https://sqs/jobs");
}

TEST_CASE("Git moved: modified, created and deleted") {
    World world;
    world.see("Queue", "IN_SYNC", queueExpected, queueExpected);
    auto text = replaced(std::string(queueTemplate), "QueueName: jobs", "QueueName: work");
    text =
        replaced(text, "  Topic:\n    Type: AWS::SNS::Topic", "  News:\n    Type: AWS::SNS::Topic");
    world.commit(text);
    CHECK(world.told() == Told{"News git created unapplied_commit",
                               R"(Queue git modified unapplied_commit QueueName: "work" -> "jobs")",
                               "Topic git deleted unapplied_commit"});
    // With the files of the last look that was in sync, somebody deployed other code.
    CHECK(world.told(false) ==
          Told{"News live deleted applied_elsewhere",
               R"(Queue live modified applied_elsewhere QueueName: "work" -> "jobs")",
               "Topic live created applied_elsewhere"});
}

TEST_CASE("both moved: conflict, or converged when Git asks for what is live") {
    World world;
    const char* live =
        R"({"QueueName":"live","DelaySeconds":1,"Tags":[{"Key":"team","Value":"net"}]})";
    world.see("Queue", "MODIFIED", queueExpected, live);
    world.commit("QueueName: jobs", "QueueName: git");
    CHECK(world.told() == Told{R"(Queue both modified conflict QueueName: "git" -> "live")"});
    const auto drift = classify(world.sides, true, world.tags)[0];
    CHECK(drift.liveChange == Change::Modified);
    CHECK(drift.gitChange == Change::Modified);
    CHECK(drift.attributes[0].before == R"("jobs")");
    world.commit("QueueName: jobs", "QueueName: live");
    CHECK(world.told() == Told{R"(Queue live modified converged QueueName: "live" -> "live")"});
    // One property converged, another one did not.
    world.commit("QueueName: jobs\n      DelaySeconds: !Ref Delay",
                 "QueueName: live\n      DelaySeconds: 4");
    CHECK(world.told() == Told{R"(Queue git modified unapplied_commit DelaySeconds: 4 -> 1)",
                               R"(Queue live modified converged QueueName: "live" -> "live")"});
}

TEST_CASE("deleted on both sides is converged, deleted live and changed in Git a conflict") {
    World world;
    world.see("Topic", "DELETED", R"({"DisplayName":"news"})");
    world.commit("DisplayName: news", "DisplayName: other");
    auto drifts = classify(world.sides, true, world.tags);
    REQUIRE(drifts.size() == 1);
    CHECK(drifts[0].side == Side::Both);
    CHECK(drifts[0].liveChange == Change::Deleted);
    CHECK(drifts[0].gitChange == Change::Modified);
    world.commit("  Topic:\n    Type: AWS::SNS::Topic\n    Properties: { DisplayName: news }\n",
                 "");
    CHECK(world.told() == Told{"Topic live deleted converged"});
}

TEST_CASE("changed live and gone from Git is a conflict") {
    World world;
    world.see("Topic", "MODIFIED", R"({"DisplayName":"news"})", R"({"DisplayName":"live"})");
    world.commit("  Topic:\n    Type: AWS::SNS::Topic\n    Properties: { DisplayName: news }\n",
                 "");
    const auto drifts = classify(world.sides, true, world.tags);
    REQUIRE(drifts.size() == 1);
    CHECK(drifts[0].cause == cause::conflict);
    CHECK(drifts[0].gitChange == Change::Deleted);
}

TEST_CASE("a parameter's new value shows at the resources that use it") {
    World world;
    world.see("Queue", "IN_SYNC", queueExpected, queueExpected);
    world.sides.gitParameters = {{"Delay", "5"}};
    CHECK(world.told() == Told{R"(Queue git modified unapplied_commit DelaySeconds: "5" -> 1)"});
    world.sides.gitParameters = {{"Delay", "1"}};
    CHECK(world.told() == Told{});
    // A new default counts for new stacks only.
    world.sides.gitParameters = {};
    world.commit("Default: 1", "Default: 6");
    CHECK(world.told() == Told{});
}

TEST_CASE("a parameter that no resource shows has an address of its own") {
    World world;
    auto text = replaced(std::string(queueTemplate), "!Ref Delay\n", "1\n");
    world.deploy(text);
    world.sides.gitParameters = {{"Delay", "5"}, {"Password", "canary"}};
    CHECK(world.told() ==
          Told{R"(Parameters.Delay git modified unapplied_commit Value: "5" -> "1")"});
}

TEST_CASE("a condition makes and unmakes resources") {
    World world;
    world.deploy(replaced(std::string(queueTemplate), "Type: AWS::SNS::Topic",
                          "Type: AWS::SNS::Topic\n    Condition: IsSlow"));
    world.sides.resources.pop_back();
    CHECK(world.told() == Told{});
    world.sides.gitParameters = {{"Delay", "9"}};
    world.see("Queue", "IN_SYNC", queueExpected, queueExpected);
    CHECK(world.told() == Told{R"(Queue git modified unapplied_commit DelaySeconds: "9" -> 1)",
                               "Topic git created unapplied_commit"});
}

TEST_CASE("a template that says the same in other words is no change") {
    World world;
    auto text =
        replaced(std::string(queueTemplate), "QueueName: jobs", "QueueName: !Join ['', [jo, bs]]");
    text = replaced(text, "Resources:", "Metadata: { a: b }\nResources:");
    world.commit(text);
    CHECK(world.told() == Told{});
}

TEST_CASE("attributes beside the properties count, and another type replaces") {
    World world;
    world.commit("    Type: AWS::SNS::Topic\n",
                 "    Type: AWS::SNS::Topic\n    DeletionPolicy: Retain\n");
    CHECK(world.told() ==
          Told{R"(Topic git modified unapplied_commit DeletionPolicy: "Retain" -> null)"});
    world.commit("    Type: AWS::SNS::Topic\n", "    Type: AWS::SES::Topic\n");
    const auto drifts = classify(world.sides, true, world.tags);
    REQUIRE(drifts.size() == 1);
    CHECK(drifts[0].replace);
}

TEST_CASE("noise has its cause, beside what is real") {
    World world;
    world.see(
        "Queue", "MODIFIED",
        R"({"DelaySeconds":1,"QueueName":"jobs","Policy":{"Action":["a","b"]}})",
        R"({"DelaySeconds":"1","QueueName":"live","Policy":{"Action":["b","a"]},"Tags":[{"Key":"aws:x","Value":"y"}]})");
    const auto told = world.told();
    REQUIRE(told.size() == 3);
    CHECK(told[0] == R"(Queue live modified out_of_band QueueName: "jobs" -> "live")");
    CHECK(told[1].starts_with("Queue live modified cosmetic DelaySeconds: 1 -> \"1\""));
    CHECK(told[2] == R"(Queue live modified injected Tags["aws:x"]: null -> "y")");
}

TEST_CASE("numbers that an autoscaler sets, and lists that a service completes") {
    World world;
    world.deploy(R"(
Resources:
  Group: { Type: AWS::AutoScaling::AutoScalingGroup, Properties: { DesiredCapacity: 2, MaxSize: 5 } }
  Service: { Type: AWS::ECS::Service, Properties: { DesiredCount: 2 } }
  Other: { Type: AWS::ECS::Service, Properties: { DesiredCount: 2 } }
  Target:
    Type: AWS::ApplicationAutoScaling::ScalableTarget
    Properties: { ResourceId: !Sub "service/c/${Service.Name}" }
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { LoadBalancerAttributes: [{ Key: idle, Value: 60 }] }
)");
    world.sides.resources.clear();
    for (const auto& [id, resource] : world.sides.deployed.resources)
        world.sides.resources.push_back({id, id + "-1", resource.type, "CREATE_COMPLETE", ""});
    world.see("Group", "MODIFIED", R"({"DesiredCapacity":2,"MaxSize":5})",
              R"({"DesiredCapacity":4,"MaxSize":5})");
    world.see("Service", "MODIFIED", R"({"DesiredCount":2})", R"({"DesiredCount":3})");
    world.see("Other", "MODIFIED", R"({"DesiredCount":2})", R"({"DesiredCount":3})");
    world.see(
        "Balancer", "MODIFIED", R"({"LoadBalancerAttributes":[{"Key":"idle","Value":"60"}]})",
        R"({"LoadBalancerAttributes":[{"Key":"waf","Value":"false"},{"Key":"idle","Value":"60"}]})");
    CHECK(world.told() ==
          Told{R"(Balancer live modified defaulted LoadBalancerAttributes.waf: null -> "false")",
               "Group live modified autoscaled DesiredCapacity: 2 -> 4",
               "Other live modified out_of_band DesiredCount: 2 -> 3",
               "Service live modified autoscaled DesiredCount: 2 -> 3"});
}

TEST_CASE("a security group that was opened is never noise") {
    World world;
    world.see(
        "Queue", "MODIFIED", R"({"SecurityGroupIngress":[{"CidrIp":"10.0.0.0/8","FromPort":80}]})",
        R"({"SecurityGroupIngress":[{"CidrIp":"0.0.0.0/0","FromPort":22},{"CidrIp":"10.0.0.0/8","FromPort":80}]})");
    CHECK(
        world.told() ==
        Told{
            R"(Queue live modified out_of_band SecurityGroupIngress[0].CidrIp: null -> "0.0.0.0/0" )"
            R"(SecurityGroupIngress[0].FromPort: null -> 22)"});
}

TEST_CASE("properties that cannot be read are told by CloudFormation's own list") {
    World world;
    world.see("Queue", "MODIFIED");
    world.sides.checked[0].differences = {{"/RedrivePolicy/maxReceiveCount", "5", "6"},
                                          {"/ApiToken", "canary", "null"}};
    const auto told = world.told();
    REQUIRE(told.size() == 1);
    CHECK(told[0].contains(R"(RedrivePolicy.maxReceiveCount: "5" -> "6")"));
    CHECK_FALSE(told[0].contains("canary"));
}

TEST_CASE("MODIFIED without any difference is still told") {
    World world;
    world.see("Queue", "MODIFIED", queueExpected, queueExpected);
    CHECK(world.told() == Told{"Queue live modified out_of_band"});
}

TEST_CASE("outputs are told to nobody, tags of the stack are told") {
    World world;
    world.commit("Queue.QueueName", "Queue.Arn");
    CHECK(world.told() == Told{"Outputs.Name git modified output_only"});
    world.commit(std::string(queueTemplate));
    world.sides.stack.tags = {{"team", "net"}, {"old", "1"}, {"aws:x", "y"}};
    world.sides.tags = {{{"team", "ops"}, {"new", "2"}}};
    CHECK(
        world.told() ==
        Told{
            R"(Tags git modified unapplied_commit new: "2" -> null old: null -> "1" team: "ops" -> "net")"});
}

TEST_CASE(
    "coverage: what the detection never names is unsupported, what it could not see unreadable") {
    World world;
    CHECK(coverageOf(world.sides) == Coverage{0, 2, 0});
    world.see("Queue", "DELETED");
    world.sides.checked[0].statusReason = "You do not have permission to sqs:GetQueueAttributes";
    world.see("Topic", "IN_SYNC");
    CHECK(coverageOf(world.sides) == Coverage{1, 0, 1});
    CHECK(world.told() == Told{});
    world.sides.checked[0].status = "UNSUPPORTED";
    world.sides.checked[1].status = "UNKNOWN";
    CHECK(coverageOf(world.sides) == Coverage{0, 1, 1});
}

TEST_CASE("a stack that is not there: Git asks for all of it, or somebody deleted it") {
    const auto source = *readTemplate(replaced(std::string(queueTemplate), "Type: AWS::SNS::Topic",
                                               "Type: AWS::SNS::Topic\n    Condition: IsSlow"));
    auto drifts = classifyMissing(source, {}, false);
    REQUIRE(drifts.size() == 1);  // the condition is false
    CHECK(drifts[0].side == Side::Git);
    CHECK(drifts[0].change == Change::Created);
    drifts = classifyMissing(source, {{"Delay", "9"}}, true);
    REQUIRE(drifts.size() == 2);
    CHECK(drifts[0].side == Side::Live);
    CHECK(drifts[0].change == Change::Deleted);
}

TEST_CASE("no secret is shown, whatever way it comes in") {
    World world;
    world.deploy(R"(
Parameters:
  Password: { Type: String, NoEcho: true }
  ApiToken: { Type: String }
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      Plain: !Ref Password
      Text: !Sub "user:${Password}@host"
      Token: !Sub "x ${ApiToken}"
      Master: x
      Dynamic: "{{resolve:secretsmanager:a}}"
      Document: "{\"password\": \"canary-deployed\"}"
      Environment: [{ Name: DB_PASSWORD, Value: canary-deployed }, { Name: SIZE, Value: "1" }]
)");
    world.sides.stack.parameters = {{"Password", {"****", ""}},
                                    {"ApiToken", {"canary-parameter", ""}}};
    world.see(
        "Queue", "MODIFIED",
        R"({"Plain":"****","Text":"user:canary-e@host","Token":"x canary-parameter","Master":"x",
                  "Dynamic":"{{resolve:secretsmanager:a}}","Document":"{\"password\": \"canary-deployed\"}",
                  "MasterPassword":"canary-e","Environment":[{"Name":"DB_PASSWORD","Value":"canary-e"},
                  {"Name":"SIZE","Value":"1"}]})",
        R"({"Plain":"canary-l","Text":"user:canary-l@host","Token":"x canary-l","Master":"y",
                  "Dynamic":"canary-l","Document":"{\"password\": \"canary-l\"}",
                  "MasterPassword":"canary-l","Environment":[{"Name":"DB_PASSWORD","Value":"canary-l"},
                  {"Name":"SIZE","Value":"2"}]})");
    world.sides.gitParameters = {{"Password", "canary-git"}, {"ApiToken", "canary-git"}};
    std::string all;
    for (const auto& drift : classify(world.sides, true, world.tags)) {
        all += drift.note + drift.address;
        for (const auto& one : drift.attributes) {
            all += one.path + one.git + one.live + one.before + "\n";
            CHECK(one.path != "Plain");    // **** is not compared
            CHECK(one.path != "Dynamic");  // nor what a reference gives
        }
    }
    CAPTURE(all);
    CHECK_FALSE(all.contains("canary"));
    CHECK(all.contains("Environment.DB_PASSWORD{\"redacted\""));
    CHECK(all.contains("MasterPassword{\"redacted\""));
    CHECK(all.contains("Environment.SIZE\"1\"\"2\""));
    CHECK(all.contains("Master\"x\"\"y\""));
}

}  // namespace classify_test
