// Conditions of SQL that keep to the body's own rows. Private to the module.
#pragma once

// A row is of this body when its collection is, and that when its unit is: an id of another body, by whatever way it came here, names nothing.
#define SK_OWN_UNIT(c) "EXISTS (SELECT 1 FROM unit own_unit WHERE own_unit.id = " c ".unit_id)"
#define SK_OWN_COLLECTION(d)                                                                                                       \
  "EXISTS (SELECT 1 FROM collection own_collection JOIN unit own_unit ON own_unit.id = own_collection.unit_id WHERE own_collection.id = " d ".collection_id)"
#define SK_IN_OWN_COLLECTION(d)                                                                                                    \
  d ".collection_id IN (SELECT own_collection.id FROM collection own_collection JOIN unit own_unit ON own_unit.id = own_collection.unit_id)"
