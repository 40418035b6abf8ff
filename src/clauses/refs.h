// References as people cite: 11(2)ア(ウ)e, 第3条第2項第1号, 7(1)ア/機密性3, 附則/1, Q4. Pure.
#pragma once
#include <vector>

#include "clauses/model.h"

namespace sekisho::clauses {

// Sets `ref` of every clause from the labels. 編, 章 and 節 are left out unless two clauses of a part would be cited alike; what is then still
// cited alike is told apart by [2], [3] …. Unique within a part.
void give_refs(Document& document);

}  // namespace sekisho::clauses
