driftkeeper_tests(tests_parsers_terraform_text
    SOURCES backend_test.cpp configuration_test.cpp configuration_json_test.cpp discovery_test.cpp lock_file_test.cpp source_path_test.cpp state_ties_test.cpp
    LINKS parsers_terraform)
