#include "tests/provider/box_provider.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <string_view>

#include "tests/provider/schema.hpp"

namespace driftkeeper::box {
namespace {

template <class Answer>
void complain(Answer& answer, tfplugin6::Diagnostic::Level level, const std::string& summary) {
    tfplugin6::Diagnostic& diagnostic = *answer.add_diagnostics();
    diagnostic.set_severity(level);
    diagnostic.set_summary(summary);
}

// Runs the body; what it throws becomes an error diagnostic.
template <class Answer>
grpc::Status answering(Answer& answer, const std::function<void()>& body) {
    try {
        body();
    } catch (const std::exception& error) {
        complain(answer, tfplugin6::Diagnostic::ERROR, error.what());
    }
    return grpc::Status::OK;
}

std::string typeText(Type type) {
    switch (type) {
        case Type::String:
            return R"("string")";
        case Type::Number:
            return R"("number")";
        case Type::Bool:
            return R"("bool")";
        case Type::StringList:
            return R"(["list","string"])";
        case Type::StringSet:
            return R"(["set","string"])";
        case Type::StringMap:
            return R"(["map","string"])";
    }
    return {};
}

void describe(const Block& block, tfplugin6::Schema::Block& out) {
    for (const Attribute& attribute : block.attributes) {
        tfplugin6::Schema::Attribute& described = *out.add_attributes();
        described.set_name(attribute.name);
        described.set_type(typeText(attribute.type));
        described.set_required(attribute.required);
        described.set_optional(attribute.optional);
        described.set_computed(attribute.computed);
        described.set_sensitive(attribute.sensitive);
    }
    for (const Block::Nested& nested : block.blocks) {
        tfplugin6::Schema::Nested& described = *out.add_block_types();
        described.set_type_name(nested.name);
        described.set_nesting(nested.nesting == Nesting::List ? tfplugin6::Schema::Nested::LIST
                                                              : tfplugin6::Schema::Nested::SET);
        describe(nested.block, *described.mutable_block());
    }
}

Value decoded(const tfplugin6::Dynamic& dynamic, const Block& block) {
    return conform(
        dynamic.msgpack().empty() ? fromJson(dynamic.json()) : fromMsgpack(dynamic.msgpack()),
        block);
}

void encode(const Value& value, tfplugin6::Dynamic& out) {
    out.set_msgpack(toMsgpack(value));
}

bool isOnlyComputed(const Attribute& attribute) {
    return attribute.computed && !attribute.optional;
}

bool has(const Block& schema, std::string_view name) {
    return std::ranges::find(schema.attributes, name, &Attribute::name) != schema.attributes.end();
}

// What nobody said of an object.
void fillDefaults(Value& object) {
    const auto tier = object.fields.find("tier");
    if (tier != object.fields.end() && (tier->second.isNull() || tier->second.isUnknown()))
        tier->second = Value::string("standard");
}

// A balancer has what its attachments bring, and what somebody added by hand.
void fillInstances(Value& balancer, const std::string& id, const LiveObjects& objects) {
    Value& instances = balancer.fields["instances"];
    if (instances.isNull()) instances = Value::array();
    for (const Value& attachment : objects.all("aws_elb_attachment")) {
        const Value& instance = attachment.at("instance");
        const bool isThere = std::ranges::find(instances.items, instance) != instances.items.end();
        if (attachment.at("elb").text == id && !isThere) instances.items.push_back(instance);
    }
}

// The object as terraform sees it: what the file says, the id, and what only the provider knows.
Value seen(const std::string& type, const std::string& id, const LiveObjects& objects) {
    const Block& schema = resourceSchema(type);
    const auto file = objects.read(type, id);
    if (!file) return {};
    Value object = conform(*file, schema);
    object.fields["id"] = Value::string(id);
    for (const char* name : {"fingerprint", "digest"})
        if (has(schema, name))
            object.fields[name] = Value::string(fingerprintOf(withSortedSets(*file, schema)));
    if (has(schema, "instances")) fillInstances(object, id, objects);
    fillDefaults(object);
    return object;
}

Value planCreate(Value planned, const Block& schema) {
    fillDefaults(planned);
    for (const Attribute& attribute : schema.attributes) {
        Value& field = planned.fields[attribute.name];
        if (isOnlyComputed(attribute) || (attribute.computed && field.isNull()))
            field = Value::unknown();
    }
    return planned;
}

// What a change of the object may change with it.
void forgetComputed(Value& planned, const Block& schema) {
    for (const Attribute& attribute : schema.attributes)
        if (isOnlyComputed(attribute) && attribute.name != "id")
            planned.fields[attribute.name] = Value::unknown();
}

// The planned object as its file has it.
Value filed(Value planned, const std::string& id, const Block& schema) {
    for (const Attribute& attribute : schema.attributes) {
        Value& field = planned.fields[attribute.name];
        if (isOnlyComputed(attribute) || field.isUnknown()) planned.fields.erase(attribute.name);
    }
    planned.fields["id"] = Value::string(id);
    return planned;
}

// An object that never converges wants its content back each time, whatever it was.
void neverConverge(Value& planned, const Value& prior) {
    const std::string& before = prior.at("content").text;
    const std::string& wanted = planned.at("content").text;
    planned.fields["content"] = Value::string(before == wanted ? wanted + "\n" : wanted);
}

}  // namespace

std::shared_ptr<const BoxProvider::World> BoxProvider::world() const {
    const std::lock_guard lock(mutex_);
    if (world_ == nullptr) throw std::runtime_error("the provider is not configured");
    return world_;
}

BoxProvider::Status BoxProvider::GetProviderSchema(Context*, Call<tfplugin6::SchemaQuery>,
                                                   tfplugin6::SchemaAnswer* answer) {
    describe(providerSettings(), *answer->mutable_provider()->mutable_block());
    for (const char* type : {"box_item", "box_bundle", "aws_elb", "aws_elb_attachment"})
        describe(resourceSchema(type), *(*answer->mutable_resources())[type].mutable_block());
    describe(lookupSchema(), *(*answer->mutable_data_sources())["box_lookup"].mutable_block());
    answer->mutable_server_capabilities()->set_get_provider_schema_optional(true);
    return Status::OK;
}

BoxProvider::Status BoxProvider::ValidateProviderConfig(Context*,
                                                        Call<tfplugin6::ProviderConfigCheck>,
                                                        tfplugin6::ProviderConfigVerdict*) {
    return Status::OK;
}

BoxProvider::Status BoxProvider::ValidateResourceConfig(Context*, Call<tfplugin6::ConfigCheck> call,
                                                        tfplugin6::Verdict* answer) {
    return answering(*answer, [&] {
        const Value config = decoded(call->config(), resourceSchema(call->type_name()));
        const Value& name = config.at("name");
        if (!name.isUnknown() && (name.text.empty() || name.text.find('/') != std::string::npos)) {
            throw BadValue("name must be a plain file name");
        }
    });
}

BoxProvider::Status BoxProvider::ValidateDataResourceConfig(Context*, Call<tfplugin6::ConfigCheck>,
                                                            tfplugin6::Verdict*) {
    return Status::OK;
}

BoxProvider::Status BoxProvider::UpgradeResourceState(Context*, Call<tfplugin6::UpgradeCall> call,
                                                      tfplugin6::UpgradeAnswer* answer) {
    return answering(*answer, [&] {
        encode(conform(fromJson(call->raw_state().json()), resourceSchema(call->type_name())),
               *answer->mutable_upgraded_state());
    });
}

BoxProvider::Status BoxProvider::ConfigureProvider(Context*, Call<tfplugin6::ConfigureCall> call,
                                                   tfplugin6::Verdict* answer) {
    return answering(*answer, [&] {
        const Value settings = decoded(call->config(), providerSettings());
        const LiveObjects objects(settings.at("directory").text);
        const Behaviour behaviour(settings, objects);
        if (const std::string warning = behaviour.text("warn"); !warning.empty()) {
            complain(*answer, tfplugin6::Diagnostic::WARNING, warning);
        }
        for (const std::string& sentence : probe(behaviour)) {
            complain(*answer, tfplugin6::Diagnostic::WARNING, sentence);
        }
        if (behaviour.isOn("spawn_daemon")) spawnDaemon(objects);
        const std::lock_guard lock(mutex_);
        world_ = std::make_shared<const World>(World{objects, behaviour});
    });
}

BoxProvider::Status BoxProvider::ReadResource(Context*, Call<tfplugin6::ReadCall> call,
                                              tfplugin6::ReadAnswer* answer) {
    return answering(*answer, [&] {
        const auto [objects, behaviour] = *world();
        const Block& schema = resourceSchema(call->type_name());
        const std::string id = decoded(call->current_state(), schema).at("id").text;
        if (const std::string error = behaviour.beforeRead(id); !error.empty())
            throw std::runtime_error(error);
        Value object = seen(call->type_name(), id, objects);
        if (!object.isNull() && behaviour.isOn("zero_for_null"))
            object = withZeros(std::move(object), schema);
        encode(object, *answer->mutable_new_state());
        const auto now = std::chrono::system_clock::now().time_since_epoch().count();
        answer->set_private_(behaviour.isOn("churn_private") ? fmt::format("read at {}", now)
                                                             : call->private_());
    });
}

BoxProvider::Status BoxProvider::PlanResourceChange(Context*, Call<tfplugin6::PlanCall> call,
                                                    tfplugin6::PlanAnswer* answer) {
    return answering(*answer, [&] {
        const auto [objects, behaviour] = *world();
        const Block& schema = resourceSchema(call->type_name());
        const Value prior = decoded(call->prior_state(), schema);
        Value planned = decoded(call->proposed_new_state(), schema);
        answer->set_planned_private(call->prior_private());
        if (planned.isNull()) {
        } else if (prior.isNull()) {
            planned = planCreate(std::move(planned), schema);
        } else {
            const bool zeros = behaviour.isOn("zero_for_null");
            const bool restless = behaviour.names("never_converge", prior.at("id").text);
            answer->set_legacy_type_system(zeros || restless);
            if (zeros) planned = keepZeros(std::move(planned), prior, schema);
            if (restless) neverConverge(planned, prior);
            if (planned != prior) forgetComputed(planned, schema);
            if (planned.at("name") != prior.at("name")) {
                answer->add_requires_replace()->add_steps()->set_attribute_name("name");
            }
        }
        encode(planned, *answer->mutable_planned_state());
    });
}

BoxProvider::Status BoxProvider::ApplyResourceChange(Context*, Call<tfplugin6::ApplyCall> call,
                                                     tfplugin6::ApplyAnswer* answer) {
    return answering(*answer, [&] {
        const auto [objects, behaviour] = *world();
        const Block& schema = resourceSchema(call->type_name());
        const Value prior = decoded(call->prior_state(), schema);
        Value planned = decoded(call->planned_state(), schema);
        if (planned.isNull()) {
            const std::string& gone = prior.at("id").text;
            if (behaviour.names("fail_delete", gone))
                throw std::runtime_error(fmt::format("cannot delete {}", gone));
            objects.remove(call->type_name(), gone);
            encode(planned, *answer->mutable_new_state());
            return;
        }
        const std::string id = planned.at("name").text;
        if (prior.isNull() && objects.read(call->type_name(), id)) {
            throw std::runtime_error(fmt::format("{} {} exists already", call->type_name(), id));
        }
        if (planned.at("owner").isUnknown()) planned.fields["owner"] = Value::string("nobody");
        objects.write(call->type_name(), id, filed(std::move(planned), id, schema));
        const bool restless =
            behaviour.names("never_converge", id) || behaviour.isOn("zero_for_null");
        answer->set_legacy_type_system(restless);
        answer->set_private_(call->planned_private());
        encode(seen(call->type_name(), id, objects), *answer->mutable_new_state());
    });
}

BoxProvider::Status BoxProvider::ImportResourceState(Context*, Call<tfplugin6::ImportCall> call,
                                                     tfplugin6::ImportAnswer* answer) {
    return answering(*answer, [&] {
        Value object = conform(Value::object(), resourceSchema(call->type_name()));
        object.fields["id"] = Value::string(call->id());
        tfplugin6::ImportAnswer::Imported& imported = *answer->add_imported_resources();
        imported.set_type_name(call->type_name());
        encode(object, *imported.mutable_state());
    });
}

BoxProvider::Status BoxProvider::ReadDataSource(Context*, Call<tfplugin6::LookupCall> call,
                                                tfplugin6::LookupAnswer* answer) {
    return answering(*answer, [&] {
        const auto [objects, behaviour] = *world();
        Value found = decoded(call->config(), lookupSchema());
        const std::string key = found.at("key").text;
        if (const std::string error = behaviour.beforeRead(key); !error.empty())
            throw std::runtime_error(error);
        const auto text = objects.lookup(key);
        if (!text) throw std::runtime_error(fmt::format("nothing is known about {}", key));
        found.fields["value"] = Value::string(*text);
        encode(found, *answer->mutable_state());
    });
}

BoxProvider::Status BoxProvider::StopProvider(Context*, Call<tfplugin6::StopCall>,
                                              tfplugin6::StopAnswer*) {
    return Status::OK;
}

}  // namespace driftkeeper::box
