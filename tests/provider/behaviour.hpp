#pragma once

#include <string>
#include <vector>

#include "tests/provider/live_objects.hpp"
#include "tests/provider/value.hpp"

namespace driftkeeper::box {

// How this provider was told to misbehave: by its settings, and by DIRECTORY/behaviour.json, which
// wins key by key.
class Behaviour {
public:
    Behaviour() = default;
    Behaviour(Value settings, const LiveObjects& objects);

    bool isOn(const std::string& name) const;
    bool names(const std::string& list, const std::string& id) const;
    std::vector<std::string> list(const std::string& name) const;
    std::string text(const std::string& name) const;

    // What happens before an object is read: a delay, a crash, an error (the sentence; empty when
    // none).
    std::string beforeRead(const std::string& id) const;

private:
    Value settings_ = Value::object();
};

// One sentence for each path and variable that the settings ask to try: "probe read PATH: allowed".
std::vector<std::string> probe(const Behaviour& behaviour);

// Starts a process in a session of its own that outlives everybody (300 s) and keeps this process's
// outputs; appends its pid to DIRECTORY/spawned.pid.
void spawnDaemon(const LiveObjects& objects);

}  // namespace driftkeeper::box
