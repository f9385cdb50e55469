#include "tests/support/http_receiver.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <condition_variable>
#include <deque>
#include <list>
#include <mutex>
#include <optional>
#include <set>
#include <stdexcept>
#include <thread>

namespace driftkeeper::tests {
namespace {

int listenOn(std::uint16_t port) {
    const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int yes = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
        listen(listener, 64) != 0) {
        close(listener);
        throw std::runtime_error(fmt::format("cannot listen on port {}", port));
    }
    return listener;
}

std::uint16_t portOf(int socket) {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
    return ntohs(address.sin_port);
}

std::string lowered(std::string text) {
    std::ranges::transform(text, text.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

std::string cut(std::string& text, std::string_view mark) {
    const std::size_t place = text.find(mark);
    const std::string head = text.substr(0, place);
    text.erase(0, place == std::string::npos ? place : place + mark.size());
    return head;
}

void sendAll(int socket, const std::string& text) {
    for (std::size_t sent = 0; sent < text.size();) {
        const ssize_t count = send(socket, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
        if (count <= 0) return;
        sent += static_cast<std::size_t>(count);
    }
}

// The requests of one connection, one after another.
class Conversation {
public:
    explicit Conversation(int socket) : socket_(socket) {}

    // nullopt: the other side is gone.
    std::optional<HttpRequest> next() {
        while (buffer_.find("\r\n\r\n") == std::string::npos) {
            if (!receive()) return std::nullopt;
        }
        std::string head = cut(buffer_, "\r\n\r\n");
        HttpRequest request;
        request.method = cut(head, " ");
        request.target = cut(head, " ");
        cut(head, "\r\n");
        while (!head.empty()) {
            std::string line = cut(head, "\r\n");
            const std::string name = lowered(cut(line, ":"));
            request.headers[name] = line.substr(std::min(line.find_first_not_of(' '), line.size()));
        }
        if (request.headers.contains("expect")) sendAll(socket_, "HTTP/1.1 100 Continue\r\n\r\n");
        if (!body(request)) return std::nullopt;
        return request;
    }

private:
    bool receive() {
        std::array<char, 65536> bytes;
        const ssize_t count = recv(socket_, bytes.data(), bytes.size(), 0);
        if (count <= 0) return false;
        buffer_.append(bytes.data(), static_cast<std::size_t>(count));
        return true;
    }

    bool take(std::size_t size, std::string& into) {
        while (buffer_.size() < size) {
            if (!receive()) return false;
        }
        into += buffer_.substr(0, size);
        buffer_.erase(0, size);
        return true;
    }

    bool body(HttpRequest& request) {
        if (const auto length = request.headers.find("content-length");
            length != request.headers.end()) {
            return take(std::stoul(length->second), request.body);
        }
        if (!request.headers.contains("transfer-encoding")) return true;
        for (;;) {  // chunks
            while (buffer_.find("\r\n") == std::string::npos) {
                if (!receive()) return false;
            }
            const std::size_t size = std::stoul(cut(buffer_, "\r\n"), nullptr, 16);
            std::string end;
            if (!take(size, request.body) || !take(2, end)) return false;
            if (size == 0) return true;
        }
    }

    int socket_;
    std::string buffer_;
};

}  // namespace

std::uint16_t freePort() {
    const int listener = listenOn(0);
    const std::uint16_t port = portOf(listener);
    close(listener);
    return port;
}

class HttpReceiver::Server {
public:
    explicit Server(std::uint16_t asked) : listener_(listenOn(asked)), port(portOf(listener_)) {
        accepting_ = std::jthread([this] { accept(); });
    }

    ~Server() {
        {
            const std::lock_guard lock(mutex_);
            over_ = true;
            shutdown(listener_, SHUT_RDWR);
            for (const int socket : open_) shutdown(socket, SHUT_RDWR);
        }
        changed_.notify_all();
        accepting_.join();  // then nobody starts a conversation any more
        talking_.clear();
        close(listener_);
    }

    void answerNext(std::vector<HttpAnswer> answers) {
        const std::lock_guard lock(mutex_);
        for (HttpAnswer& answer : answers) next_.push_back(std::move(answer));
    }

    void answerUsually(HttpAnswer answer) {
        const std::lock_guard lock(mutex_);
        usual_ = std::move(answer);
    }

    void answerBy(std::function<HttpAnswer(const HttpRequest&)> answer) {
        const std::lock_guard lock(mutex_);
        answerBy_ = std::move(answer);
    }

    std::vector<HttpRequest> requests() {
        const std::lock_guard lock(mutex_);
        return requests_;
    }

    bool waitFor(std::size_t count, std::chrono::milliseconds timeout) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, timeout, [&] { return requests_.size() >= count; });
    }

private:
    void accept() {
        for (;;) {
            const int socket = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
            if (socket < 0) return;
            const std::lock_guard lock(mutex_);
            if (over_) {
                close(socket);
                return;
            }
            open_.insert(socket);
            talking_.emplace_back([this, socket] { talk(socket); });
        }
    }

    void talk(int socket) {
        Conversation conversation(socket);
        while (const auto request = conversation.next()) {
            if (!answer(socket, *request)) break;
        }
        const std::lock_guard lock(mutex_);
        open_.erase(socket);
        close(socket);
    }

    // False when the conversation is over.
    bool answer(int socket, const HttpRequest& request) {
        const HttpAnswer answer = remember(request);
        {
            std::unique_lock lock(mutex_);
            if (changed_.wait_for(lock, answer.delay, [&] { return over_; })) return false;
        }
        if (answer.hangUp) return false;
        std::string text = fmt::format("HTTP/1.1 {} Scripted\r\n", answer.status);
        for (const auto& [name, value] : answer.headers)
            text += fmt::format("{}: {}\r\n", name, value);
        text += fmt::format("Content-Length: {}\r\n\r\n{}", answer.body.size(), answer.body);
        sendAll(socket, text);
        return true;
    }

    HttpAnswer remember(const HttpRequest& request) {
        const std::lock_guard lock(mutex_);
        requests_.push_back(request);
        changed_.notify_all();
        if (next_.empty()) return answerBy_ ? answerBy_(request) : usual_;
        HttpAnswer answer = std::move(next_.front());
        next_.pop_front();
        return answer;
    }

    int listener_;

public:
    const std::uint16_t port;

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool over_ = false;
    std::set<int> open_;
    std::deque<HttpAnswer> next_;
    HttpAnswer usual_;
    std::function<HttpAnswer(const HttpRequest&)> answerBy_;
    std::vector<HttpRequest> requests_;
    std::list<std::jthread> talking_;
    std::jthread accepting_;
};

HttpReceiver::HttpReceiver(std::uint16_t port) : server_(std::make_unique<Server>(port)) {}
HttpReceiver::~HttpReceiver() = default;

std::uint16_t HttpReceiver::port() const {
    return server_->port;
}

std::string HttpReceiver::url(const std::string& target) const {
    return fmt::format("http://127.0.0.1:{}{}", port(), target);
}

void HttpReceiver::answerNext(std::vector<HttpAnswer> answers) {
    server_->answerNext(std::move(answers));
}
void HttpReceiver::answerUsually(HttpAnswer answer) {
    server_->answerUsually(std::move(answer));
}
void HttpReceiver::answerBy(std::function<HttpAnswer(const HttpRequest&)> answer) {
    server_->answerBy(std::move(answer));
}
std::vector<HttpRequest> HttpReceiver::requests() const {
    return server_->requests();
}

bool HttpReceiver::waitFor(std::size_t count, std::chrono::milliseconds timeout) const {
    return server_->waitFor(count, timeout);
}

}  // namespace driftkeeper::tests
