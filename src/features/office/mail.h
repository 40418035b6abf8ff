// Mail for notices: a number and a link, never a word of what it is about (7(2)キ(ア): what is above class 1 is not sent by mail).
//
// A notice is put into the queue with the notice itself, in its transaction. Queued notices make letters, one for each person; what comes while hers
// waits is added to it. Letters are rows, so that a program that ends loses none: one that the server does not take is tried again, each time later,
// and given up after the last wait, or at once where the server says that it never will. A program that dies between the server's answer and the row
// sends that letter twice, under the same Message-ID.
// Threads: any; one thread collects and sends (apps/mailing.cpp).
#pragma once
#include <array>

#include "features/office/mail_table.h"
#include "features/office/office.h"

namespace sekisho::office {

// Waits after the first, second … failure.
inline constexpr std::array<std::int64_t, 7> kWaitsMinutes = {1, 5, 30, 120, 480, 1440, 2880};

struct OwnBox {
  static constexpr const char* kSchemaName = "MailBox";
  std::optional<std::string> address;  // none: no mail
  bool receives = false;
  bool may_stop = true;                // the body lets her turn it off
};
BOOST_DESCRIBE_STRUCT(OwnBox, (), (address, receives, may_stop))
struct OwnIn {
  std::optional<std::string> address;  // none or empty: the one that stands is turned off, or dropped where it is her own
};
BOOST_DESCRIBE_STRUCT(OwnIn, (), (address))
struct BoxIn {
  std::string login;
  std::optional<std::string> address;  // none or empty: dropped
};
BOOST_DESCRIBE_STRUCT(BoxIn, (), (login, address))
struct RuleIn {
  bool opt_out = true;
};
BOOST_DESCRIBE_STRUCT(RuleIn, (), (opt_out))
struct BoxView {
  static constexpr const char* kSchemaName = "MailBoxRow";
  std::string login;
  std::string name;
  std::string address;
  bool receives = true;
  bool own = true;
};
BOOST_DESCRIBE_STRUCT(BoxView, (), (login, name, address, receives, own))
struct LetterView {
  static constexpr const char* kSchemaName = "MailLetter";
  LetterId id;
  std::string person;
  std::string address;
  int notices = 0;
  std::string state;
  int tries = 0;
  std::string error;
  Timestamp made_at;
  Timestamp next_at;
  std::optional<Timestamp> sent_at;
};
BOOST_DESCRIBE_STRUCT(LetterView, (), (id, person, address, notices, state, tries, error, made_at, next_at, sent_at))
struct MailOut {
  static constexpr const char* kSchemaName = "Mail";
  bool configured = false;         // a server is named
  bool opt_out = true;
  std::vector<BoxView> boxes;      // at most 2,000
  std::vector<LetterView> items;   // newest first, at most 200
};
BOOST_DESCRIBE_STRUCT(MailOut, (), (configured, opt_out, boxes, items))
struct SentIn {
  LetterId id;
  std::optional<std::string> error;  // none: the server took it
  bool never = false;                // the server says that it will not take it later either
};
BOOST_DESCRIBE_STRUCT(SentIn, (), (id, error, never))
struct SentOut {
  bool given_up = false;
};
BOOST_DESCRIBE_STRUCT(SentOut, (), (given_up))

// local@domain in ASCII, at most 254 bytes, nothing that could begin another line or address (RFC 5321, 4.1.2, without quoted forms).
bool good_address(std::string_view text);
std::string subject_of(const Letter& letter);
std::string text_of(const Letter& letter, const std::string& link);
// What becomes of a letter after a try. Pure.
Letter after_try(Letter letter, const std::optional<std::string>& error, bool never, Timestamp now);

// mail.own, mail.set_own, mail.list, mail.set, mail.rule; of the program: mail.collect, mail.sent.
void register_mail(gate::Registry& registry, const approvals::Directory& directory, bool configured);

}  // namespace sekisho::office
