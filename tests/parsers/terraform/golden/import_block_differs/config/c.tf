import {
  to = box_item.c
  id = "c"
}

resource "box_item" "c" {
  name    = "c"
  content = "as Git wants it"
}
