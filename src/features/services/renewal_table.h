// An approval that is given again under the same number: the record that endpoints name is in force anew.
#pragma once
#include "features/services/table.h"

namespace sekisho::services {

// As `service` says, from its valid_from on; it has not ended any more.
Status renew(sql::Tx& tx, const Service& service);

}  // namespace sekisho::services
