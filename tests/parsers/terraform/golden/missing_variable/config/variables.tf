variable "needed" { type = string }
