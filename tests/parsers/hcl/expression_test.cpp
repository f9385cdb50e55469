#include <doctest/doctest.h>

#include "parsers/hcl/hcl.hpp"

using namespace driftkeeper;
using Texts = std::vector<std::string>;

TEST_CASE("only one plain string is a string literal") {
    struct Row {
        std::string expression;
        bool literal;
        std::string value;
    };
    const Row rows[] = {
        {R"("a")", true, "a"},
        {R"("")", true, ""},
        {R"("a\"b\n")", true, "a\"b\n"},
        {R"("$${x}")", true, "${x}"},
        {R"("${x}")", false, ""},
        {R"("a" + "b")", false, ""},
        {R"(a)", false, ""},
        {R"("a)", false, ""},
        {R"(f("a"))", false, ""},
        {"", false, ""},
        {R"(["a"])", false, ""},
        {R"("a""b")", false, ""},
    };
    for (const auto& row : rows) {
        CAPTURE(row.expression);
        std::string value;
        CHECK(hcl::stringLiteral(row.expression, value) == row.literal);
        CHECK(value == row.value);
    }
}

TEST_CASE("traversals are found wherever an expression mentions them") {
    struct Row {
        std::string expression;
        Texts found;
    };
    const Row rows[] = {
        {"aws_x.y.z", {"aws_x.y.z"}},
        {"aws_x.y[0].z", {"aws_x.y.z"}},
        {"aws_x.y[*].z", {"aws_x.y.z"}},
        {"aws_x.y.*.z", {"aws_x.y.z"}},
        {"aws_x.y.0.z", {"aws_x.y.z"}},
        {"aws_x.y[local.k].z", {"aws_x.y.z", "local.k"}},
        {"a.b[c.d[e.f].g].h", {"a.b.h", "c.d.g", "e.f"}},
        {"var.a + var.a", {"var.a"}},
        {R"("x-${data.a.b}-${var.c}")", {"data.a.b", "var.c"}},
        {R"("${a.b["${c.d}"]}")", {"a.b", "c.d"}},
        {"\"%{ if var.on }${module.e.f}%{ else }x%{ endif }\"", {"var.on", "module.e.f"}},
        {"<<E\n${local.d}\nE\n", {"local.d"}},
        {"merge(var.tags, { Name = local.name, \"k\" : x.y })", {"var.tags", "local.name", "x.y"}},
        {"{ Name = 1, owner : 2 }", {}},
        {"var.on ? a.b : c.d", {"var.on", "a.b", "c.d"}},
        {"[for s in var.list : s.id if s.on]", {"var.list"}},
        {"{for k, v in aws_x.y : k => v.id}", {"aws_x.y"}},
        {"[[for s in var.l : s.id], s.outer]", {"var.l", "s.outer"}},
        {"\"%{ for i in var.l }${i.name}%{ endfor }${i.out}\"", {"var.l", "i.out"}},
        {"true", {}},
        {"1.5", {}},
        {"file(\"x\").y", {}},
        {"provider::aws::arn(var.x)", {"var.x"}},
        {"(\n  a.b # c.d\n)", {"a.b"}},
        {"!var.x", {"var.x"}},
        {"-var.x", {"var.x"}},
        {"\"$${not.this}\"", {}},
    };
    for (const auto& row : rows) {
        CAPTURE(row.expression);
        CHECK(hcl::traversals(row.expression) == row.found);
    }
}

TEST_CASE("the elements of a tuple are its source texts") {
    struct Row {
        std::string expression;
        Texts elements;
    };
    const Row rows[] = {
        {"[]", {}},
        {"[a]", {"a"}},
        {"[a, b[\"x\"], c[0].d]", {"a", "b[\"x\"]", "c[0].d"}},
        {"[\n  a, # one\n  // two\n  b,\n]", {"a", "b"}},
        {"[f(a, b), {x = 1, y = 2}, [c, d]]", {"f(a, b)", "{x = 1, y = 2}", "[c, d]"}},
        {"[\"a,b\"]", {"\"a,b\""}},
        {"[for x in y : x]", {}},
        {"a", {}},
        {"[a][0]", {}},
        {"[a, b][c]", {}},
    };
    for (const auto& row : rows) {
        CAPTURE(row.expression);
        CHECK(hcl::tupleElements(row.expression) == row.elements);
    }
}

TEST_CASE("every string of a text is found, templates as they are written") {
    const auto found = hcl::strings(
        "a = file(\"${path.module}/../x\") # \"not this\"\n"
        "b = \"one\\ntwo ${f(\"../inner\")} end\"\n"
        "c = <<E\nnot \"this\" but ${g(\"that\")}\nE\n");
    CHECK(found ==
          Texts{"${path.module}/../x", "one\ntwo ${f(\"../inner\")} end", "../inner", "that"});
}

TEST_CASE("strings deep in strings do not grow with their depth") {
    std::string text;
    for (int level = 0; level < 100; ++level) text += "\"${";
    for (int level = 0; level < 100; ++level) text += "}\"";
    CHECK(hcl::strings(text).size() == 8);
}

TEST_CASE("the members of an object are its keys and source texts") {
    struct Row {
        std::string expression;
        Texts members;
    };
    const Row rows[] = {
        {"{}", {}},
        {"{ source = \"a/b\", version = \">= 1, < 2\" }",
         {"source=\"a/b\"", "version=\">= 1, < 2\""}},
        {"{\n  source = \"a\" # one\n\n  \"b\" : [\n 1 ]\n}", {"source=\"a\"", "b=[\n 1 ]"}},
        {"{ (var.k) = 1, a = x ? y : z }", {"a=x ? y : z"}},
        {"{ for k in x : k => k }", {}},
        {"[]", {}},
        {"a", {}},
    };
    for (const auto& row : rows) {
        CAPTURE(row.expression);
        Texts found;
        for (const auto& member : hcl::objectMembers(row.expression))
            found.push_back(member.name + "=" + member.expression);
        CHECK(found == row.members);
    }
}
