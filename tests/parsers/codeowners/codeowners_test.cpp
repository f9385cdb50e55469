#include "parsers/codeowners/codeowners.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>

using namespace driftkeeper;

namespace codeowners_test {
namespace {

constexpr const char* gitHub = ".github/CODEOWNERS";
constexpr const char* gitLab = ".gitlab/CODEOWNERS";
constexpr const char* root = "CODEOWNERS";

// The owners joined by blanks.
std::string ownersOf(const std::string& place, const std::string& text, const std::string& path) {
    std::string all;
    for (const auto& owner : parseCodeowners(place, text).ownersOf(path))
        all += (all.empty() ? "" : " ") + owner;
    return all;
}

// "line message" of each, joined by newlines.
std::string mistakesOf(const std::string& place, const std::string& text) {
    std::string all;
    for (const auto& mistake : parseCodeowners(place, text).mistakes)
        all += std::to_string(mistake.line) + " " + mistake.message + "\n";
    return all;
}

}  // namespace

TEST_CASE("a pattern means what its forge says") {
    struct Row {
        const char* pattern;
        const char* path;
        bool onGitHub;
        bool onGitLab;
    };
    constexpr Row table[] = {
        // Everything.
        {"*", "a", true, true},
        {"*", "a/b/.c", true, true},
        {"**", "a/b", true, true},
        {"/", "a", false, true},
        {"/**", "a", true, true},
        {"/**", "a/b", true, false},
        // Without a slash: anywhere.
        {"*.tf", "main.tf", true, true},
        {"*.tf", "prod/net/main.tf", true, true},
        {"*.tf", "main.tfvars", false, false},
        {"*.tf", "old.tf/readme", true, false},
        {"main.tf", "prod/main.tf", true, true},
        {"net", "prod/net", true, true},
        {"net", "prod/net/main.tf", true, false},
        {"net", "network", false, false},
        {"NET", "net", false, false},
        // From the root.
        {"/main.tf", "main.tf", true, true},
        {"/main.tf", "prod/main.tf", false, false},
        {"/*.tf", "main.tf", true, true},
        {"/*.tf", "prod/main.tf", false, false},
        {"prod/net", "prod/net", true, true},
        {"prod/net", "prod/net/main.tf", true, false},
        {"prod/net", "old/prod/net", false, true},
        {"/prod/net", "prod/net/a/main.tf", true, false},
        // Folders.
        {"prod/", "prod/main.tf", true, true},
        {"prod/", "eu/prod/net/main.tf", true, true},
        {"prod/", "prod", false, false},
        {"/prod/", "prod/net/main.tf", true, true},
        {"/prod/", "eu/prod/main.tf", false, false},
        {"eu/prod/", "eu/prod/net/main.tf", true, true},
        {"eu/prod/", "old/eu/prod/main.tf", false, true},
        // A star in a folder stays in it.
        {"prod/*", "prod/main.tf", true, true},
        {"prod/*", "prod/net/main.tf", false, false},
        {"/prod/*", "prod/.hidden", true, true},
        {"/prod/*/", "prod/net/main.tf", true, true},
        {"/prod/*/", "prod/main.tf", false, false},
        {"/*/net/main.tf", "prod/net/main.tf", true, true},
        {"/*/net/main.tf", "a/b/net/main.tf", false, false},
        {"/prod/n*t/", "prod/nt/a", true, true},
        {"/prod/*e*w*/", "prod/network/a", true, true},
        {"/prod/n?t/", "prod/nät/a", true, true},
        {"/prod/n?t/", "prod/n/t/a", false, false},
        // Two stars are any number of folders.
        {"/prod/**", "prod/net/main.tf", true, false},
        {"/prod/**", "prod/main.tf", true, true},
        {"/prod/**", "prod", false, false},
        {"/prod/**/", "prod/net/main.tf", true, true},
        {"/prod/**/*", "prod/a/b/c", true, true},
        {"/prod/**/main.tf", "prod/main.tf", true, true},
        {"/prod/**/main.tf", "prod/a/b/main.tf", true, true},
        {"**/net/", "net/main.tf", true, true},
        {"**/net/", "a/b/net/c/main.tf", true, true},
        {"/a/**/b/**/c", "a/x/b/b/y/c", true, true},
        {"/a/**/b/**/c", "a/x/c/b", false, false},
        {"/a**b/", "axxb/c", true, true},
        {"/a**b/", "a/x/b/c", false, false},
        // What a backslash makes plain.
        {"\\#odd", "#odd", true, true},
        {"/a\\ b/", "a b/c", true, true},
        {"/a\\ b/", "a/c", false, false},
        {"/a\\*b", "a*b", true, true},
        {"/a\\*b", "axb", false, false},
        {"/a\\[1]", "a[1]", true, true},
        {"a//b", "a/b", false, false},
    };
    for (const auto& [pattern, path, onGitHub, onGitLab] : table) {
        CAPTURE(pattern);
        CAPTURE(path);
        const std::string line = std::string(pattern) + " @owner";
        CHECK(ownersOf(gitHub, line, path) == (onGitHub ? "@owner" : ""));
        CHECK(ownersOf(gitLab, line, path) == (onGitLab ? "@owner" : ""));
    }
}

TEST_CASE("the last rule that matches decides, and in every section on its own") {
    struct Row {
        const char* place;
        const char* text;
        const char* path;
        const char* owners;
    };
    constexpr Row table[] = {
        {root, "", "a", ""},
        {root, "* @all @more", "a", "@all @more"},
        {root, "* @all\n*.tf @tf", "a.tf", "@tf"},
        {root, "*.tf @tf\n* @all", "a.tf", "@all"},
        {root, "* @all\n/apps/ @apps", "b", "@all"},
        {root, "/apps/ @apps\n/apps/web", "apps/web/a", ""},
        {root, "/apps/ @apps\n/apps/web", "apps/api/a", "@apps"},
        {root, "\n  # nobody\n\t* @all\n", "a", "@all"},
        {root, "* @all\r\n*.tf @tf\r\n", "a.tf", "@tf"},
        {root, "\xef\xbb\xbf* @all", "a", "@all"},
        {root, "* @all @all", "a", "@all"},
        {root, "*\t@a\t \tb@example.org", "a", "@a b@example.org"},
        {root, "* @all # not @me", "a", "@all"},
        {root, "* @all#1", "a", ""},
        {root, "* # nobody", "a", ""},
        {root, "* @all @@maintainer @org/team/sub o'neil@example.org", "a",
         "@all @@maintainer @org/team/sub o'neil@example.org"},
        // Words that are no owner are left out; with no other word, so is the line.
        {root, "* @all bob @", "a", "@all"},
        {root, "* @all\n*.tf bob", "a.tf", "@all"},
        // What GitHub does not know is left out.
        {gitHub, "* @all\n!*.tf", "a.tf", "@all"},
        {gitHub, "* @all\n*.[ch] @c", "a.c", "@all"},
        {gitHub, "* @all\n[Team] @team\n*.tf", "a.tf", ""},
        // Sections.
        {root, "* @all\n[Infra]\n*.tf @tf", "a.tf", "@all @tf"},
        {root, "* @all\n[Infra]\n*.tf @tf", "a.md", "@all"},
        {root, "[A]\n* @one\n[B]\n* @two\n*.tf @three", "a.tf", "@one @three"},
        {root, "[A]\n* @one\n[B]\n* @one @two", "a", "@one @two"},
        {root, "[A]\n*.tf @one\n[B]\n* @two\n[a]\n* @three", "a.tf", "@three @two"},
        {root, "^[Optional][2] @team\nprod/", "prod/a", "@team"},
        {root, "[A] @team @more\nprod/\nprod/net/ @net", "prod/a", "@team @more"},
        {root, "[A] @team @more\nprod/\nprod/net/ @net", "prod/net/a", "@net"},
        {root, "[A] @team\n[B]\nprod/", "prod/a", ""},
        {root, "[Two words][x] @team # why\n*", "a", "@team"},
        {root, "[A]\n[Broken\n* @all", "a", "@all"},
        {gitLab, "[A] @team\n[]\n*", "a", "@team"},
        // Exclusions: for their section, and for good.
        {root, "* @all\n!*.tf", "a.tf", ""},
        {root, "* @all\n!*.tf", "a.md", "@all"},
        {root, "!*.tf\n* @all", "a.tf", ""},
        {root, "* @all\n!*.tf\n/special/*.tf @special", "special/a.tf", ""},
        {root, "* @all\n!*.tf @odd\n[Infra]\n*.tf @tf", "a.tf", "@tf"},
        {gitLab, "* @all\n! @x", "a", "@all"},
        // A section or an exclusion somewhere makes the text GitLab's, with its meaning of
        // patterns.
        {root, "/prod @prod", "prod/a", "@prod"},
        {root, "/prod @prod\n[A]", "prod/a", ""},
        {root, "prod/net/ @net\n!x", "old/prod/net/a", "@net"},
    };
    for (const auto& [place, text, path, owners] : table) {
        CAPTURE(place);
        CAPTURE(text);
        CAPTURE(path);
        CHECK(ownersOf(place, text, path) == owners);
    }
}

TEST_CASE("what is left out is a mistake with its line") {
    CHECK(mistakesOf(root, "# @x bob\n* @all\n\n*.tf\n") == "");
    CHECK(mistakesOf(gitHub, "* @all\n!a\n") ==
          "2 GitHub knows no exclusions (!); the line is left out\n");
    CHECK(mistakesOf(gitLab, "!") == "1 there is no pattern behind the !; the line is left out\n");
    CHECK(mistakesOf(root, "\n\n[a-z]* @x") ==
          "3 a pattern has no ranges in brackets; the line is left out\n");
    const std::string word =
        "an owner is @name, @org/team, @@role or a mail address; another word is left out\n";
    for (const char* wrong :
         {"bob", "@", "a@", "@a@b", "a@b@c", "@@@a", "@ä", "<@a>", "@a,", "\x01@a"}) {
        CAPTURE(wrong);
        CHECK(mistakesOf(root, std::string("* ") + wrong) == "1 " + word);
    }
    CHECK(mistakesOf(root, "* @" + std::string(300, 'a')) == "1 " + word);
    CHECK(mistakesOf(gitLab, "[A] bob\n* @all") == "1 " + word);
    CHECK(mistakesOf(root, std::string(5000, 'a') + " @x") ==
          "1 the pattern is too long; the line is left out\n");
}

TEST_CASE("nothing grows without an end") {
    std::string text;
    for (int i = 0; i < 1000; ++i) text += "[ @x\n";
    CHECK(parseCodeowners(root, text).mistakes.size() == 100);
    text = "*";
    for (int i = 0; i < 1000; ++i) text += " @a" + std::to_string(i);
    CHECK(parseCodeowners(root, text).ownersOf("a").size() == 100);
    text.clear();
    for (int i = 0; i < 1000; ++i)
        text += "[" + std::to_string(i) + "]\n* @a" + std::to_string(i) + "\n";
    CHECK(parseCodeowners(root, text).ownersOf("a").size() == 100);
    const auto huge = parseCodeowners(root, "* @all\n" + std::string(mostCodeownersText, '\n'));
    CHECK(huge.ownersOf("a").empty());
    REQUIRE(huge.mistakes.size() == 1);
    CHECK(huge.mistakes[0].line == 1);
}

TEST_CASE("no pattern takes long") {
    std::string stars;
    std::string folders = "/";
    for (int i = 0; i < 1000; ++i) stars += "*a";
    for (int i = 0; i < 1000; ++i) folders += "**/a/";
    std::string path;
    for (int i = 0; i < 500; ++i) path += "a/";
    path += std::string(1000, 'a') + "b";
    const auto begin = std::chrono::steady_clock::now();
    CHECK(ownersOf(root, stars + "c @x\n" + folders + "c @x", path) == "");
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(10));
}

}  // namespace codeowners_test
