#include "tests/provider/value.hpp"

#include <array>
#include <bit>
#include <charconv>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>

namespace driftkeeper::box {
namespace {

class MsgpackReader {
public:
    explicit MsgpackReader(std::string_view bytes) : rest_(bytes) {}

    Value value() {
        const auto tag = static_cast<unsigned char>(take(1)[0]);
        if (tag <= 0x7f) return Value::number(std::to_string(tag));
        if (tag >= 0xe0) return Value::number(std::to_string(static_cast<std::int8_t>(tag)));
        if ((tag & 0xf0) == 0x80) return object(tag & 0x0f);
        if ((tag & 0xf0) == 0x90) return array(tag & 0x0f);
        if ((tag & 0xe0) == 0xa0) return Value::string(std::string(take(tag & 0x1f)));
        switch (tag) {
            case 0xc0:
                return {};
            case 0xc2:
                return Value::boolean(false);
            case 0xc3:
                return Value::boolean(true);
            case 0xc4:
                return Value::string(std::string(take(length(1))));
            case 0xc5:
                return Value::string(std::string(take(length(2))));
            case 0xc6:
                return Value::string(std::string(take(length(4))));
            case 0xc7:
                return extension(length(1));
            case 0xc8:
                return extension(length(2));
            case 0xc9:
                return extension(length(4));
            case 0xca:
                return real(std::bit_cast<float>(static_cast<std::uint32_t>(integer(4))));
            case 0xcb:
                return real(std::bit_cast<double>(integer(8)));
            case 0xcc:
                return Value::number(std::to_string(integer(1)));
            case 0xcd:
                return Value::number(std::to_string(integer(2)));
            case 0xce:
                return Value::number(std::to_string(integer(4)));
            case 0xcf:
                return Value::number(std::to_string(integer(8)));
            case 0xd0:
                return Value::number(std::to_string(static_cast<std::int8_t>(integer(1))));
            case 0xd1:
                return Value::number(std::to_string(static_cast<std::int16_t>(integer(2))));
            case 0xd2:
                return Value::number(std::to_string(static_cast<std::int32_t>(integer(4))));
            case 0xd3:
                return Value::number(std::to_string(static_cast<std::int64_t>(integer(8))));
            case 0xd4:
                return extension(1);
            case 0xd5:
                return extension(2);
            case 0xd6:
                return extension(4);
            case 0xd7:
                return extension(8);
            case 0xd8:
                return extension(16);
            case 0xd9:
                return Value::string(std::string(take(length(1))));
            case 0xda:
                return Value::string(std::string(take(length(2))));
            case 0xdb:
                return Value::string(std::string(take(length(4))));
            case 0xdc:
                return array(length(2));
            case 0xdd:
                return array(length(4));
            case 0xde:
                return object(length(2));
            case 0xdf:
                return object(length(4));
            default:
                throw BadValue("msgpack: unknown tag");
        }
    }

    void end() const {
        if (!rest_.empty()) throw BadValue("msgpack: bytes after the value");
    }

private:
    std::string_view take(std::size_t count) {
        if (count > rest_.size()) throw BadValue("msgpack: cut off");
        const std::string_view taken = rest_.substr(0, count);
        rest_.remove_prefix(count);
        return taken;
    }

    std::uint64_t integer(std::size_t bytes) {
        std::uint64_t number = 0;
        for (const char byte : take(bytes)) number = number << 8 | static_cast<unsigned char>(byte);
        return number;
    }

    std::size_t length(std::size_t bytes) { return static_cast<std::size_t>(integer(bytes)); }

    // Terraform has only one use for an extension: a value that is not known yet.
    Value extension(std::size_t bytes) {
        take(bytes + 1);
        return Value::unknown();
    }

    static Value real(double number) {
        std::array<char, 400> text{};
        const auto end =
            std::to_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed)
                .ptr;
        return Value::number(std::string(text.data(), end));
    }

    Value array(std::size_t count) {
        Value result = Value::array();
        for (std::size_t i = 0; i < count; ++i) result.items.push_back(value());
        return result;
    }

    Value object(std::size_t count) {
        Value result = Value::object();
        for (std::size_t i = 0; i < count; ++i) {
            const Value key = value();
            result.fields[key.text] = value();
        }
        return result;
    }

    std::string_view rest_;
};

void appendInteger(std::string& out, std::uint64_t number, int bytes) {
    for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8)
        out += static_cast<char>(number >> shift & 0xff);
}

void appendHead(std::string& out, std::size_t count, unsigned char tag) {
    out += static_cast<char>(tag);
    appendInteger(out, count, 4);
}

std::optional<std::int64_t> wholeNumber(const std::string& text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

void append(std::string& out, const Value& value) {
    switch (value.kind) {
        case Value::Kind::Null:
            out += '\xc0';
            break;
        case Value::Kind::Unknown:
            out += std::string("\xd4\x00\x00", 3);
            break;
        case Value::Kind::Bool:
            out += value.truth ? '\xc3' : '\xc2';
            break;
        case Value::Kind::Number:
            // As an integer where it fits, like providers in the field; any other number as text,
            // which is exact.
            if (const auto number = wholeNumber(value.text)) {
                out += '\xd3';
                appendInteger(out, static_cast<std::uint64_t>(*number), 8);
                break;
            }
            [[fallthrough]];
        case Value::Kind::String:
            appendHead(out, value.text.size(), 0xdb);
            out += value.text;
            break;
        case Value::Kind::Array:
            appendHead(out, value.items.size(), 0xdd);
            for (const Value& item : value.items) append(out, item);
            break;
        case Value::Kind::Object:
            appendHead(out, value.fields.size(), 0xdf);
            for (const auto& [name, field] : value.fields) {
                append(out, Value::string(name));
                append(out, field);
            }
            break;
    }
}

// Events of the JSON reader, which hands out the text of numbers that a double cannot hold.
class JsonEvents : public nlohmann::json_sax<nlohmann::json> {
public:
    Value root;

    bool null() override { return add({}); }
    bool boolean(bool truth) override { return add(Value::boolean(truth)); }
    bool number_integer(number_integer_t number) override {
        return add(Value::number(std::to_string(number)));
    }
    bool number_unsigned(number_unsigned_t number) override {
        return add(Value::number(std::to_string(number)));
    }
    bool number_float(number_float_t, const string_t& text) override {
        return add(Value::number(text));
    }
    bool string(string_t& text) override { return add(Value::string(text)); }
    bool binary(binary_t&) override { return false; }
    bool start_object(std::size_t) override { return open(Value::object()); }
    bool end_object() override { return close(); }
    bool start_array(std::size_t) override { return open(Value::array()); }
    bool end_array() override { return close(); }
    bool key(string_t& name) override {
        key_ = name;
        return true;
    }
    bool parse_error(std::size_t, const std::string&,
                     const nlohmann::json::exception& error) override {
        throw BadValue(error.what());
    }

private:
    Value& place() {
        if (open_.empty()) return root;
        Value& parent = *open_.back();
        if (parent.kind == Value::Kind::Object) return parent.fields[key_];
        return parent.items.emplace_back();
    }
    bool add(Value value) {
        place() = std::move(value);
        return true;
    }
    bool open(Value value) {
        Value& opened = place();
        opened = std::move(value);
        open_.push_back(&opened);
        return true;
    }
    bool close() {
        open_.pop_back();
        return true;
    }

    std::vector<Value*> open_;  // a parent does not grow while a child is open
    std::string key_;
};

void print(std::string& out, const Value& value, std::size_t depth) {
    const std::string indent(2 * depth, ' ');
    bool first = true;
    const auto separate = [&] {
        out += first ? "\n" : ",\n";
        out += indent + "  ";
        first = false;
    };
    switch (value.kind) {
        case Value::Kind::Null:
        case Value::Kind::Unknown:
            out += "null";
            break;
        case Value::Kind::Bool:
            out += value.truth ? "true" : "false";
            break;
        case Value::Kind::Number:
            out += value.text;
            break;
        case Value::Kind::String:
            out += nlohmann::json(value.text).dump();
            break;
        case Value::Kind::Array:
            out += '[';
            for (const Value& item : value.items) {
                separate();
                print(out, item, depth + 1);
            }
            out += first ? "]" : "\n" + indent + "]";
            break;
        case Value::Kind::Object:
            out += '{';
            for (const auto& [name, field] : value.fields) {
                separate();
                out += nlohmann::json(name).dump() + ": ";
                print(out, field, depth + 1);
            }
            out += first ? "}" : "\n" + indent + "}";
            break;
    }
}

Value made(Value::Kind kind, std::string text = {}) {
    Value value;
    value.kind = kind;
    value.text = std::move(text);
    return value;
}

}  // namespace

Value Value::unknown() {
    return made(Kind::Unknown);
}
Value Value::number(std::string text) {
    return made(Kind::Number, std::move(text));
}
Value Value::string(std::string text) {
    return made(Kind::String, std::move(text));
}
Value Value::array() {
    return made(Kind::Array);
}
Value Value::object() {
    return made(Kind::Object);
}

Value Value::boolean(bool truth) {
    Value value = made(Kind::Bool);
    value.truth = truth;
    return value;
}

const Value& Value::at(const std::string& name) const {
    static const Value absent;
    const auto found = fields.find(name);
    return found == fields.end() ? absent : found->second;
}

Value fromMsgpack(std::string_view bytes) {
    MsgpackReader reader(bytes);
    Value value = reader.value();
    reader.end();
    return value;
}

std::string toMsgpack(const Value& value) {
    std::string bytes;
    append(bytes, value);
    return bytes;
}

Value fromJson(std::string_view text) {
    JsonEvents events;
    nlohmann::json::sax_parse(text, &events);
    return std::move(events.root);
}

std::string toJson(const Value& value) {
    std::string text;
    print(text, value, 0);
    return text + '\n';
}

}  // namespace driftkeeper::box
