// Where people are told by mail that notices wait, the notices that no letter was made of yet, and the letters. Nothing of a notice is here but its id.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "features/office/case.h"
#include "sql/db.h"

namespace sekisho::office {

struct LetterTag;
using LetterId = Id<LetterTag>;

struct MailBox {
  std::string account;
  std::string address;
  bool receives = true;  // false: she turned it off
  bool own = true;       // she put the address down herself; false: an administrator did
  std::string set_by;
  Timestamp set_at;
};

struct Letter {
  LetterId id;
  std::string account;
  std::string address;
  int notices = 0;
  std::string state;  // "waiting", "sent", "failed"
  int tries = 0;
  std::string error;  // of the last try
  Timestamp made_at;
  Timestamp next_at;  // of the next try
  std::optional<Timestamp> sent_at;
};

class MailTable {
 public:
  static Status put_box(sql::Tx& tx, const MailBox& box);
  static Result<bool> drop_box(sql::Tx& tx, const std::string& account);
  static Result<std::optional<MailBox>> box(sql::Tx& tx, const std::string& account);
  static Result<std::vector<MailBox>> boxes(sql::Tx& tx, const std::string& after, int limit);  // by account
  // May people turn off what an administrator has put down for them? Yes, until the body decides otherwise.
  static Result<bool> opt_out(sql::Tx& tx);
  static Status set_opt_out(sql::Tx& tx, bool may);
  // With the notice, in its transaction. Nothing is kept where nobody receives mail.
  static Status queue(sql::Tx& tx, const NoticeId& id);
  static Result<std::vector<NoticeId>> queued(sql::Tx& tx, int limit);  // oldest first
  static Status unqueue(sql::Tx& tx, const NoticeId& id);
  // Of what waits or failed since: what an operator has to know.
  struct Trouble {
    int late = 0;    // wait although they were tried
    int failed = 0;  // given up since `since`
    std::string error;  // of the newest of them
  };
  static Result<Trouble> trouble(sql::Tx& tx, Timestamp since);
  static Status insert(sql::Tx& tx, const Letter& letter);
  // A letter of this person that waits: what comes meanwhile is added to it.
  static Result<std::optional<Letter>> waiting_of(sql::Tx& tx, const std::string& account);
  static Status add(sql::Tx& tx, const LetterId& id, int notices);
  static Result<std::vector<Letter>> due(sql::Tx& tx, Timestamp now, int limit);
  static Result<std::optional<Letter>> find(sql::Tx& tx, const LetterId& id);
  static Status settle(sql::Tx& tx, const Letter& letter);  // state, tries, error, next_at, sent_at
  static Status drop_before(sql::Tx& tx, Timestamp at);     // those that are over
  static Result<std::vector<Letter>> latest(sql::Tx& tx, int limit);
};

}  // namespace sekisho::office
