# Targets of the texts that people write. Only where libFuzzer is there (DRIFTKEEPER_FUZZERS).
foreach(target hcl lock_file rules_file yaml_settings)
    add_executable(fuzz_${target} fuzz_${target}.cpp)
    target_link_options(fuzz_${target} PRIVATE -fsanitize=fuzzer)
endforeach()
target_link_libraries(fuzz_hcl PRIVATE driftkeeper_common parsers_terraform)
target_link_libraries(fuzz_lock_file PRIVATE driftkeeper_common parsers_terraform)
target_link_libraries(fuzz_rules_file PRIVATE driftkeeper_common daemon_settings daemon_judge)
target_link_libraries(fuzz_yaml_settings PRIVATE driftkeeper_common daemon_settings)
