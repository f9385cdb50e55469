module driftkeeper.test/real/left_out/backend

go 1.22.0
