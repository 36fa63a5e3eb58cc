"""Writes the part of /openapi.json that tells of MLflow's calls, from the descriptors of MLflow's own protobuf messages.

    python openapi_of_mlflow.py > registry-server/src/main/resources/openapi-mlflow.json

What MLflow has outside protobuf (files, the calls of its pages) is written here by hand.
"""

import json
import sys

from google.protobuf.descriptor import FieldDescriptor
from mlflow.protos import databricks_pb2, mlflow_artifacts_pb2, model_registry_pb2, service_pb2, webhooks_pb2

PREFIX = "/api/2.0/mlflow"
FAMILIES = ("experiments", "runs", "metrics", "artifacts", "logged-models", "registered-models", "model-versions", "webhooks")
TYPES = {
    FieldDescriptor.TYPE_STRING: {"type": "string"},
    FieldDescriptor.TYPE_BOOL: {"type": "boolean"},
    FieldDescriptor.TYPE_INT32: {"type": "integer", "format": "int32"},
    FieldDescriptor.TYPE_INT64: {"type": "integer", "format": "int64"},
    FieldDescriptor.TYPE_DOUBLE: {"type": ["number", "string"], "description": "or NaN, Infinity, -Infinity as text"},
    FieldDescriptor.TYPE_FLOAT: {"type": "number"},
}
ERROR = {"default": {"$ref": "#/components/responses/MlflowError"}}
TEXT = {"type": "string"}


class Schemas:
    """Message types as components, each once."""

    def __init__(self):
        self.components = {}

    def of_field(self, field):
        if field.message_type and field.message_type.GetOptions().map_entry:
            return {"type": "object", "additionalProperties": self.of_type(field.message_type.fields_by_name["value"])}
        one = self.of_type(field)
        return {"type": "array", "items": one} if field.is_repeated else one

    def of_type(self, field):
        if field.enum_type:
            return {"type": "string", "enum": [value.name for value in field.enum_type.values]}
        if field.message_type:
            return {"$ref": f"#/components/schemas/{self.component(field.message_type)}"}
        return TYPES[field.type]

    def component(self, message):
        name = "Mlflow" + message.full_name.removeprefix("mlflow.").replace(".", "")
        if name not in self.components:
            self.components[name] = {}
            self.components[name] = self.of_fields(message.fields)
        return name

    def of_fields(self, fields):
        schema = {"type": "object"}
        if fields:
            schema["properties"] = {field.name: self.of_field(field) for field in fields}
        required = [field.name for field in fields if is_required(field)]
        return {**schema, "required": required} if required else schema


def is_required(field):
    return field.GetOptions().Extensions[databricks_pb2.validate_required]


def parameter(name, where, schema, required):
    return {"name": name, "in": where, "required": required, "schema": schema}


def operation(schemas, method, verb, path):
    fields = list(method.input_type.fields)
    in_path = [field for field in fields if "{" + field.name + "}" in path]
    others = [field for field in fields if field not in in_path]
    described = {
        "operationId": f"{method.name}{verb.capitalize()}",
        "tags": ["mlflow"],
        "summary": f"MLflow's {method.name}",
        "parameters": [parameter(field.name, "path", schemas.of_field(field), True) for field in in_path],
    }
    if verb == "GET":
        described["parameters"] += [
            parameter(field.name, "query", schemas.of_field(field), bool(is_required(field))) for field in others
        ]
    elif others:
        described["requestBody"] = json_body(schemas.of_fields(others), any(map(is_required, others)))
    answer = method.input_type.nested_types_by_name["Response"]
    described["responses"] = {"200": json_answer(schemas.of_fields(answer.fields)), **ERROR}
    return described


def json_body(schema, required):
    return {"required": required, "content": {"application/json": {"schema": schema}}}


def json_answer(schema):
    return {"description": "done", "content": {"application/json": {"schema": schema}}}


def calls(schemas):
    paths = {}
    for module in (service_pb2, model_registry_pb2, webhooks_pb2):
        for service in module.DESCRIPTOR.services_by_name.values():
            for method in service.methods:
                for endpoint in method.GetOptions().Extensions[databricks_pb2.rpc].endpoints:
                    path = "/" + endpoint.path.lstrip("/").removeprefix("mlflow/")
                    if endpoint.since.major != 2 or path.split("/")[1] not in FAMILIES:
                        continue
                    described = operation(schemas, method, endpoint.method, path)
                    paths.setdefault(PREFIX + path, {})[endpoint.method.lower()] = described
    return paths


def file_answer():
    return {"200": {"description": "the file", "content": {"application/octet-stream": {"schema": {}}}}, **ERROR}


def text_answer():
    return {"description": "a word", "content": {"text/plain": {"schema": TEXT}}}


def by_hand(name, summary, parameters=(), **more):
    return {"operationId": name, "tags": ["mlflow"], "summary": summary, "parameters": list(parameters), **more}


def outside_protobuf(schemas, known):
    path = parameter("path", "path", TEXT, True)
    done = {"200": {"description": "done"}, **ERROR}
    refused = {"501": {"$ref": "#/components/responses/MlflowError"}, **ERROR}
    proxy = "/api/2.0/mlflow-artifacts"
    files = schemas.of_fields(mlflow_artifacts_pb2.ListArtifacts.DESCRIPTOR.nested_types_by_name["Response"].fields)
    raw = {"required": True, "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
    run = parameter("run_id", "query", TEXT, False)
    old_run = parameter("run_uuid", "query", TEXT, False)
    file = parameter("path", "query", TEXT, True)
    view = parameter("view", "query", {"type": "boolean"}, False)
    name = parameter("name", "query", TEXT, True)
    version = parameter("version", "query", TEXT, True)
    many = parameter("run_id", "query", {"type": "array", "items": TEXT}, True)
    key = parameter("metric_key", "query", TEXT, True)
    most = parameter("max_results", "query", {"type": "integer"}, False)
    model = parameter("model_id", "path", TEXT, True)
    of_model = parameter("artifact_file_path", "query", TEXT, True)
    points = {"metrics": {"type": "array", "items": {"$ref": "#/components/schemas/MlflowMetricWithRunId"}}}
    info = {"type": "object", "additionalProperties": {"type": ["string", "boolean"]}}
    old_param = {**known[f"{PREFIX}/runs/log-parameter"]["post"], "operationId": "logParamOldName"}
    paths = {
        f"{PREFIX}/runs/log-param": {"post": old_param},
        f"{PREFIX}/metrics/get-history-bulk": {
            "get": by_hand("historyBulk", "A metric of up to 100 runs", [many, key, most],
                responses={"200": json_answer({"type": "object", "properties": points}), **ERROR})
        },
        f"{proxy}/artifacts": {
            "get": by_hand("listProxied", "Files below a folder", [parameter("path", "query", TEXT, False)],
                responses={"200": json_answer(files), **ERROR})
        },
        f"{proxy}/artifacts/{{path}}": {
            "get": by_hand("download", "A file, or a range of it", [path], responses=file_answer()),
            "put": by_hand("upload", "Keep a file", [path], requestBody=raw, responses=done),
            "delete": by_hand("deleteFile", "Remove a file or folder", [path], responses=done),
        },
        f"{proxy}/presigned/{{path}}": {
            "get": by_hand("presigned", "Not here: 501", [path], responses=refused)
        },
        "/get-artifact": {
            "get": by_hand("fileOfRun", "A file of a run, to save, or with view to look at", [run, old_run, file, view],
                responses=file_answer())
        },
        "/model-versions/get-artifact": {
            "get": by_hand("fileOfVersion", "A file of a model version", [name, version, file, view],
                responses=file_answer())
        },
        "/ajax-api/2.0/mlflow/logged-models/{model_id}/artifacts/files": {
            "get": by_hand("fileOfLoggedModel", "A file of a logged model", [model, of_model, view],
                responses=file_answer())
        },
        "/ajax-api/2.0/mlflow/upload-artifact": {
            "post": by_hand("uploadSmall", "A file of at most 10 MiB",
                [parameter("run_uuid", "query", TEXT, True), file], requestBody=raw, responses=done)
        },
        "/api/3.0/mlflow/server-info": {
            "get": by_hand("serverInfo", "What this server can do", responses={"200": json_answer(info), **ERROR})
        },
    }  # fmt: skip
    for path_of, told in (("health", "Is it there"), ("version", "The level of MLflow's API")):
        paths[f"/{path_of}"] = {"get": by_hand(f"{path_of}OfMlflow", told, responses={"200": text_answer()})}
    upload = parameter("upload_id", "path", TEXT, True)
    number = parameter("part_number", "path", {"type": "integer", "minimum": 1, "maximum": 10_000}, True)
    paths[f"{proxy}/mpu/parts/{{upload_id}}/{{part_number}}"] = {
        "put": by_hand("multipartPart", "A part of a file; its ETag is a header of the answer", [upload, number],
            requestBody=raw, responses=done)
    }  # fmt: skip
    for step, told, message in (
        ("create", "Begin a file in parts", mlflow_artifacts_pb2.CreateMultipartUpload),
        ("complete", "All parts are sent: make them a file", mlflow_artifacts_pb2.CompleteMultipartUpload),
        ("abort", "Forget the parts", mlflow_artifacts_pb2.AbortMultipartUpload),
    ):
        answer = message.DESCRIPTOR.nested_types_by_name["Response"]
        asked = {**schemas.of_fields(message.DESCRIPTOR.fields), "required": ["path", "num_parts" if step == "create" else "upload_id"]}
        paths[f"{proxy}/mpu/{step}/{{path}}"] = {
            "post": by_hand(f"multipart{step.capitalize()}", told, [path], requestBody=json_body(asked, True),
                responses={"200": json_answer(schemas.of_fields(answer.fields)), **ERROR})
        }  # fmt: skip
    return paths


def document():
    schemas = Schemas()
    schemas.component(service_pb2.MetricWithRunId.DESCRIPTOR)
    paths = calls(schemas)
    paths.update(outside_protobuf(schemas, paths))
    error = {
        "type": "object",
        "properties": {"error_code": TEXT, "message": TEXT},
        "required": ["error_code", "message"],
    }
    return {
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": dict(sorted({**schemas.components, "MlflowErrorBody": error}.items())),
            "responses": {
                "MlflowError": {
                    "description": "what is wrong",
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/MlflowErrorBody"}}},
                }
            },
        },
    }


if __name__ == "__main__":
    json.dump(document(), sys.stdout, indent=1)
    print()
