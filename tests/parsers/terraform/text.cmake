driftkeeper_tests(tests_parsers_terraform_text
    SOURCES configuration_test.cpp configuration_json_test.cpp discovery_test.cpp lock_file_test.cpp source_path_test.cpp
    LINKS parsers_terraform)
