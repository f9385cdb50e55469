module "late" {
  source = "./late"
}
