"""What the user may do with objects and fields (REST guide: describe global, sObject describe)."""

from typing import Any

from linktime.emulators.salesforce.calls import Answer, Call
from linktime.emulators.salesforce.rows import find_sobject
from linktime.emulators.salesforce.schema import Field, SObject

JSON = dict[str, Any]
SOAP_TYPES = {
    "id": "tns:ID",
    "reference": "tns:ID",
    "boolean": "xsd:boolean",
    "int": "xsd:int",
    "double": "xsd:double",
    "date": "xsd:date",
    "datetime": "xsd:dateTime",
    "junctionidlist": "urn:JunctionIdListNames",
}


def everything(call: Call) -> Answer:
    names = call.org.schema.objects
    rows = [_object(call, sobject) for name in names if (sobject := call.org.schema.find(name))]
    return Answer(200, {"encoding": "UTF-8", "maxBatchSize": 200, "sobjects": rows})


def basic(call: Call, sobject_name: str) -> Answer:
    return Answer(200, {"objectDescribe": _object(call, find_sobject(call, sobject_name)), "recentItems": []})


def one(call: Call, sobject_name: str) -> Answer:
    sobject = find_sobject(call, sobject_name)
    fields = [_field(field) for field in sobject.fields]
    return Answer(200, _object(call, sobject) | {"fields": fields, "recordTypeInfos": [], "childRelationships": []})


def _object(call: Call, sobject: SObject) -> JSON:
    base = f"{call.base}/sobjects/{sobject.name}"
    return {
        "name": sobject.name,
        "label": sobject.label,
        "labelPlural": sobject.plural,
        "keyPrefix": sobject.prefix,
        "custom": False,
        "createable": sobject.createable and "create" not in sobject.denied,
        "updateable": sobject.createable and "edit" not in sobject.denied,
        "deletable": sobject.deletable,
        "undeletable": sobject.deletable,
        "mergeable": sobject.mergeable,
        "queryable": True,
        "retrieveable": True,
        "searchable": True,
        "triggerable": sobject.deletable,
        "urls": {"sobject": base, "describe": f"{base}/describe", "rowTemplate": f"{base}/{{ID}}"},
    }


def _field(field: Field) -> JSON:
    return {
        "name": field.name,
        "label": field.title,
        "type": field.type,
        "length": field.length,
        "nillable": field.nillable,
        "createable": field.createable,
        "updateable": field.updateable,
        "filterable": field.filterable,
        "sortable": field.filterable,
        "permissionable": field.nillable,
        "defaultedOnCreate": field.defaulted,
        "calculated": False,
        "externalId": field.external_id,
        "idLookup": field.id_lookup or field.external_id,
        "unique": field.unique,
        "caseSensitive": False,
        "restrictedPicklist": field.restricted,
        "picklistValues": [_choice(value) for value in field.picklist],
        "referenceTo": list(field.refers_to),
        "relationshipName": field.name.removesuffix("Id") if field.refers_to else None,
        "polymorphicForeignKey": len(field.refers_to) > 1,
        "soapType": SOAP_TYPES.get(field.type, "xsd:string"),
        "custom": field.custom,
    }


def _choice(value: str) -> JSON:
    return {"active": True, "defaultValue": False, "label": value, "validFor": None, "value": value}
