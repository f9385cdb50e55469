#include "providers/cloudformation/reasons.hpp"

#include <doctest/doctest.h>

using namespace driftkeeper::cloudformation;

TEST_CASE("what the CLI says, in words of versions 1 and 2, has one reason") {
    const std::string begin = "\nAn error occurred (";
    const auto service = [&](const char* code, const char* message) {
        return begin + code + ") when calling the DetectStackDrift operation: " + message + "\n";
    };
    for (const auto& [said, code] : std::vector<std::pair<std::string, const char*>>{
             {service("Throttling", "Rate exceeded"), "throttled"},
             {"\nAn error occurred (Throttling) when calling the X operation (reached max retries: "
              "4): Rate exceeded\n",
              "throttled"},
             {service("ExpiredToken", "The security token included in the request is expired"),
              "credentials"},
             {service("InvalidClientTokenId",
                      "The security token included in the request is invalid."),
              "credentials"},
             {service("SignatureDoesNotMatch", "x"), "credentials"},
             {service("AccessDenied",
                      "User: arn:aws:iam::1:user/x is not authorized to perform: cloudformation:X"),
              "access_denied"},
             {service("AccessDeniedException", "x"), "access_denied"},
             {service("ValidationError", "Stack with id web does not exist"), "stack_missing"},
             {service("ValidationError", "Stack [web] does not exist"), "stack_missing"},
             {service("ValidationError", "Drift detection is already in progress for stack [arn]"),
              "detection_running"},
             {service("ValidationError",
                      "Drift detection is not supported on stack in state [UPDATE_IN_PROGRESS]"),
              "stack_busy"},
             {service("ValidationError",
                      "Drift detection is not supported on stack in state [CREATE_FAILED]"),
              "stack_failed"},
             {service("ValidationError", "something new"), "tool_failed"},
             {service("InternalFailure", "x"), "service_error"},
             {service("SomethingNew", "x"), "tool_failed"},
             {"\nUnable to locate credentials. You can configure credentials by running \"aws "
              "configure\".\n",
              "credentials"},
             {"\nThe config profile (prod) could not be found\n", "credentials"},
             {"\nThe SSO session associated with this profile has expired or is otherwise "
              "invalid.\n",
              "credentials"},
             {"\nYou must specify a region. You can also configure your region by running \"aws "
              "configure\".\n",
              "no_region"},
             {"\nCould not connect to the endpoint URL: \"http://127.0.0.1:1/\"\n", "unreachable"},
             {"\nConnection was closed before we received a valid response from endpoint URL: "
              "\"x\".\n",
              "unreachable"},
             {"\nInvalid endpoint: not a url\n", "unreachable"},
             {"\nUnknown options: --deployment-mode\n", "tool_too_old"},
             {"Traceback (most recent call last):\nKeyError: 'x'\n", "tool_failed"},
             {"", "tool_failed"},
         }) {
        CAPTURE(said);
        const auto reason = reasonFor(said, {});
        CHECK(reason.code == code);
        CHECK(!reason.text.empty());
    }
}

TEST_CASE("a reason holds no secret and no second line") {
    const auto reason =
        reasonFor("first canary-line\nsecond canary-secret https://u:p@h/\n", {"canary-secret"});
    CHECK_FALSE(reason.text.contains("canary"));
    CHECK_FALSE(reason.text.contains("u:p"));
}
