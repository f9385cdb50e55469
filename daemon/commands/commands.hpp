#pragma once

#include "daemon/cli/options.hpp"

// The commands that are no daemon. Each prints its result on stdout, everything else on stderr, and
// returns the exit status of the contract.
namespace driftkeeper {

int checkTree(const Options& options);        // one_shot.cpp
int checkConfigured(const Options& options);  // one_shot.cpp
int checkConfig(const Options& options);      // config_check.cpp
int showConfig(const Options& options);       // config_show.cpp
int printExample(const Options& options);     // config_example.cpp
int printSchema(const Options& options);      // config_schema.cpp
int askDaemon(const Options& options);        // client.cpp: the lists, show
int runStack(const Options& options);         // client.cpp
int explainStack(const Options& options);     // client_quiet.cpp
int testRule(const Options& options);         // client_quiet.cpp
int silence(const Options& options);          // client_quiet.cpp
int endSilence(const Options& options);       // client_quiet.cpp
int outbox(const Options& options);           // client_alerts.cpp
int showGraph(const Options& options);        // client_graph.cpp
int routes(const Options& options);           // show_routes.cpp
int testChannel(const Options& options);      // client_alerts.cpp
int complete(const Options& options);         // client_complete.cpp
int initialise(const Options& options);       // init.cpp
int doctor(const Options& options);           // doctor.cpp

}  // namespace driftkeeper
