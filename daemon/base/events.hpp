#pragma once

#include <string_view>

namespace driftkeeper::log {

// A kind of entry that an operator searches for: the journal's MESSAGE_ID, 128 bits in hex, never
// changed and never used again for something else. systemd/driftkeeper.catalog says of each what
// happened and what to do; a test compares both.
struct Event {
    std::string_view id;
};

namespace event {

inline constexpr Event starting{"933d6243ff984680a05c074227b076ce"};
inline constexpr Event ready{"f3dc91033f8a4295b0d107c65abbfa8e"};
inline constexpr Event idle{"1e8d3ddbf6b5427fab0205f6b3c611f9"};
inline constexpr Event stopping{"8a499e8a8f6b40239b712ed084bab187"};
inline constexpr Event stopped{"6d8d307484204b678b2701d2a699595c"};
inline constexpr Event cannotStart{"4626c76e6d1448a9b6ec8f5f4d475a3e"};
inline constexpr Event noSandbox{"85d52bebdf3a4579aa2824795c923fc2"};
inline constexpr Event settingsReloaded{"dd82f0e1ea9f46119b13f162bda85de4"};
inline constexpr Event settingsRefused{"aa6ec56b71504557b75ceea7183fa547"};
inline constexpr Event checkFinished{"76e11eac3d2043cda5892cef469317d9"};
inline constexpr Event checkInconclusive{"617410f9b2f94d3aa4c5b332170a3ccb"};
inline constexpr Event repositoryRead{"5e453c31e1764701a6611267adb6dd78"};
inline constexpr Event repositoryUnreadable{"ee2ba86bf9624b5a8ea7b46cb8abb4f2"};
inline constexpr Event repositoryFileIgnored{"88e4ba901e544a43a313195290b2b848"};
inline constexpr Event stackGone{"e54df5fad50d4802b39d391081bf5287"};
inline constexpr Event sourcesLeftOut{"75b9aae85ba24690b920ee8fad54c347"};
inline constexpr Event incidentOpened{"553065d2e4024bd8a0d62ec04afae9e7"};
inline constexpr Event incidentChanged{"04da9948c8144ec39dad01213809c42b"};
inline constexpr Event incidentClosed{"894057f568d74addbc4eefda4a2181bd"};
inline constexpr Event stackStale{"661e41e68fb0458bb93410e2e239f901"};
inline constexpr Event delivered{"6f7a0ecb4d26419e9ede4d75274dfbe4"};
inline constexpr Event deliveryFailed{"aba166988de542a880897a797309b724"};
inline constexpr Event deliveryDead{"4d03aeb2a8aa4ca8bdd920769ac5da43"};
inline constexpr Event heartbeatFailed{"66ac4541cef14f3fb3a7878598a830d3"};
inline constexpr Event stateTrouble{"a9e7797dc0cb442496c589611392ae04"};
inline constexpr Event modesRestored{"5ce0d1b7a3f24b68907e2d4c61fb8a03"};
inline constexpr Event tokenMade{"c8e21f6a94d34705b3a1d0679ef52c44"};
inline constexpr Event stateUnwritable{"e07a4c9d5b1243f6a8130f7d92cb6e15"};
inline constexpr Event stateWritable{"7f16b03cd8e94a21953c4e60a7d1f28b"};
inline constexpr Event stateLost{"39d2c5e8041f4b7ab6e2590d7c83fa16"};
inline constexpr Event checkHangs{"d41b60f7a25c4938bf9e07c31e86d52a"};
inline constexpr Event clockSet{"b1f6f8d2a5f64a0e9c37e1f4d2a7c651"};
inline constexpr Event futureTimes{"0d1c7a9be3f147528d64b9a0c5e2f738"};
inline constexpr Event hostRefused{"8ce8063955be24408e164a0399b278ff"};
inline constexpr Event hanging{"4259ac73326049ae8eff2bcbc73dbddb"};

}  // namespace event
}  // namespace driftkeeper::log
