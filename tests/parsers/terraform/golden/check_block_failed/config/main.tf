resource "box_item" "a" {
  name    = "a"
  content = "one"
  size    = 3
}

resource "box_item" "b" {
  name    = "b"
  content = "two"
  depends = box_item.a.id
}
check "content" {
  data "box_lookup" "expected" { key = "expected" }
  assert {
    condition     = data.box_lookup.expected.value == box_item.a.content
    error_message = "the content is not what was expected"
  }
}
