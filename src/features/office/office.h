// The security office: one engine, and cases of whatever the definitions describe. Nothing of one register is here.
//
// A step is made by a person in a session, on the content that he saw (its hash), if the definition lets him: mover, guards, what must be filled in,
// separation of duties. Joint steps collect signatures on one content; an edit begins anew. All that follows from a step (notices, deadlines, hooks,
// linked cases, who reads and who is next) is in the step's own transaction.
//
// Separation of duties compares persons with those they stand for as deputies, from the session alone; the schema refuses the rows of one person too
// (office_apart). Where a rule says so it may be crossed with a reason, if nobody else could make the step; that is recorded apart.
//
// Threads: one object per program; hook(), act() and event() only while building; notice(), noticed() and turned() from any thread.
#pragma once
#include <array>
#include <atomic>
#include <functional>
#include <mutex>

#include "features/office/case_table.h"
#include "features/office/definitions.h"
#include "features/office/duty_table.h"
#include "features/office/history_table.h"
#include "features/switches/switches.h"
#include "workflow/rules.h"

namespace sekisho::office {

// What a hook gets: the case as it will be stored, the step's maker, and the fields named in `with` (ids, texts, numbers as text), by argument.
struct Happening {
  Case& about;
  const Actor& by;
  std::map<std::string, std::vector<std::string>> with;
  std::string note;
};
using Hook = std::function<Status(gate::Context&, const Happening&)>;

// A switch that goes on or off beyond its row: what must happen in the product at that moment.
struct Turn {
  Case& about;
  const Actor& by;
  bool on = false;
  const switches::Standing& row;
  const json::Object& arguments;  // of the definition's `with`, but for persons and units: those are the row's
  std::string note;
};
using Act = std::function<Status(gate::Context&, const Turn&)>;

struct File {
  Case c;
  std::shared_ptr<const workflow::Loaded> loaded;
  Organisation organisation;
  std::vector<Event> steps;
  // He may make a step that anybody may make, or made one, and that is all: he sees the fields that it asks for, and what the case is about.
  bool only_step = false;
  const workflow::Definition& d() const { return *loaded->definition; }
  // Key of the state that it is in: of a branch, or of its own where `region` is null.
  const std::string& state_in(const workflow::Region* region) const {
    if (region == nullptr) return c.state;
    const auto at = c.regions.find(region->key);
    return at == c.regions.end() ? region->states.front().key : at->second;
  }
};

// A clause of the body's policy in force that asks something of somebody, as people have confirmed it.
struct ClauseRow {
  std::string document;  // ids; the clause's stays when it is renumbered
  std::string version;
  std::string clause;
  std::string label;     // its number
  std::string text;      // as far as the public copy shows it
  std::string modality;
  std::string kind;
  std::vector<std::string> actors;  // codes of roles, "@staff", "@body"
};
using Clauses = std::function<Result<std::vector<ClauseRow>>(gate::Context&)>;

struct Opened {
  std::optional<CaseId> from;  // the case it comes from
  Addresses assigned;
  bool by_itself = false;      // the program opens it: what must be filled in waits for the first step
};

struct MoveIn {
  std::string transition;
  std::string hash;  // of the content that was seen; looked at unless the program moves
  json::Object fields;
  std::string note;
  std::string unavoidable;  // why a separation of duties cannot be kept
};

// A row of a ledger, read and checked (ledger.h).
struct TakenOver {
  std::shared_ptr<const workflow::Loaded> loaded;
  Organisation organisation;
  DefinitionId version;
  json::Object fields;  // as they are stored
  std::string state;    // where it begins if all that the state needs is there; empty: where every case does
  std::string note;     // where it comes from
};

class Office {
 public:
  Office(Definitions definitions, approvals::Directory directory) : definitions_(std::move(definitions)), directory_(std::move(directory)) {}
  Office(const Office&) = delete;
  Office& operator=(const Office&) = delete;

  // One line registers a hook; a definition names it in `effects`. Names of what may open cases: kinds of the program's notices, and events.
  void hook(const std::string& name, Hook hook) { hooks_[name] = std::move(hook); }
  void event(const std::string& name) { events_.insert(name); }
  // What a switch does at once, beside being on; a switch without an act is only read.
  void act(std::string_view name, Act act) { acts_[std::string(name)] = std::move(act); }
  // Notices wait for mail too. Without a server that sends it, nothing is queued.
  void mails(bool yes) { mails_ = yes; }
  // Where tables made of clauses (workflow: RowsFrom) take them from; without it they stay empty.
  void clauses_from(Clauses clauses) { clauses_ = std::move(clauses); }
  // After all hooks are there: powers are those of the action matrix, alarms the kinds of features/alarms.
  void complete(std::set<std::string> powers, std::set<std::string> alarms);
  const Definitions& definitions() const { return definitions_; }
  const approvals::Directory& directory() const { return directory_; }

  // Steps.
  Result<CaseId> open(gate::Context& context, const Actor& actor, const std::string& definition, const json::Object& fields, const Opened& how);
  Result<CaseId> take_over(gate::Context& context, const Actor& actor, const TakenOver& row);
  Status edit(gate::Context& context, const Actor& actor, const CaseId& id, const std::string& hash, const json::Object& fields);
  Status move(gate::Context& context, const Actor& actor, const CaseId& id, const MoveIn& in);
  Status comment(gate::Context& context, const Actor& actor, const CaseId& id, const std::string& text);
  Status attach(gate::Context& context, const Actor& actor, const CaseId& id, Attachment attachment);
  Status add_participant(gate::Context& context, const Actor& actor, const CaseId& id, const std::string& login);
  Status link(gate::Context& context, const Actor& actor, const CaseId& id, const CaseId& other);
  Status see(gate::Context& context, const Actor& actor, const NoticeId& id);

  // The program's own part.
  Status settle(gate::Context& context, const Timer& timer);
  Status run_duties(gate::Context& context);
  // Would run_duties write anything? A read transaction does; so that nothing is logged where nothing was done.
  Result<bool> duties_wait(sql::Tx& tx, const std::string& body, Timestamp now) const;
  // Opens what definitions say is opened by it: a kind of the program's notices, or a registered event.
  Status happened(gate::Context& context, const std::string& alarm, const std::string& event, const std::string& detail);

  // Something that may open cases (an event) was noticed where no transaction is; it happens at the clock's next turn, once however often it is noticed.
  void notice(const std::string& body, const std::string& event, const std::string& detail) const;
  std::vector<std::pair<std::string, std::string>> noticed(const std::string& body) const;  // event, detail; each is given once
  // Grows whenever a switch was turned or an effect ran: whoever follows something long looks again at whether he still may.
  std::uint64_t turned() const { return turned_.load(); }

  // Reading. not_found where the caller may not know of it; `elsewhere`: readable only in another segment.
  Result<File> read(gate::Context& context, const Actor& actor, const CaseId& id) const;
  Result<std::optional<File>> readable(gate::Context& context, const Actor& actor, const CaseId& id) const;
  Result<File> load(gate::Context& context, const CaseId& id) const;  // for the program's own work
  workflow::Facts facts_of(gate::Context& context, const File& file) const;
  // How what people write in fields is found: people by login, departments by code, cases by number.
  workflow::Lookups lookups(gate::Context& context, const workflow::Organisation& organisation) const;
  // May this one make the step, as far as it is known without what he would write? `conflict`: a separation of duties stands between.
  struct Chance {
    bool mover = false;
    int slot = -1;          // the place that he would sign, of a joint step
    bool conflict = false;
    bool crossable = false;
    std::string clause;     // of the separation
  };
  Result<Chance> chance(gate::Context& context, const File& file, const Actor& actor, const workflow::Transition& t) const;
  Result<bool> may_edit(gate::Context& context, const File& file, const Actor& actor, const workflow::Field& field) const;
  Result<bool> may_see(gate::Context& context, const File& file, const Actor& actor, const workflow::Field& field) const;
  Result<std::vector<std::string>> others_who_could(gate::Context& context, const File& file, const workflow::Transition& t) const;
  // Is the field asked for by a step that anybody may make, here and now or (made by him) before?
  bool asked_of_anybody(const File& file, const Actor& actor, const std::string& field) const;
  // The transitions that start where the case stands now.
  std::vector<const workflow::Transition*> starting_here(const File& file) const;

 private:
  Status write_fields(gate::Context& context, File& file, const Actor& actor, const json::Object& given, const workflow::Keys* only) const;
  Status set_fields(gate::Context& context, File& file, const Actor& actor, const std::map<std::string, json::Value>& set) const;
  // A value of `set`: what begins with @ is said by the moment.
  json::Value said(const gate::Context& context, const workflow::Organisation& organisation, const Actor& actor, const std::string& unit, const json::Value& given) const;
  Status compute(gate::Context& context, File& file) const;
  Status fill_rows(gate::Context& context, File& file, const workflow::Field& field) const;
  Result<std::map<std::string, std::string>> answers_before(gate::Context& context, File& file, const workflow::Field& field) const;
  Status check_unique(gate::Context& context, const File& file) const;
  Status store(gate::Context& context, File& file, bool fresh);
  Status put_access(gate::Context& context, const File& file) const;
  Status put_links(gate::Context& context, const File& file) const;
  Status spread(gate::Context& context, const CaseId& id, int depth);
  Status note(gate::Context& context, File& file, const Actor& actor, Event event) const;
  // Says in the history which of the fields that were just written began as a draft.
  Status note_drafts(gate::Context& context, File& file, const Actor& actor, const json::Object& before) const;
  Result<bool> stands_open(gate::Context& context, const std::string& definition, const std::optional<std::string>& field, const std::string& detail) const;
  // Brings the switches in line with where the case stands and what it says.
  Status turn(gate::Context& context, File& file, const Actor& actor, const std::string& note_text) const;
  Result<std::vector<switches::Standing>> wanted(gate::Context& context, const File& file) const;
  Status wanted_by(gate::Context& context, const File& file, const workflow::SwitchUse& use, std::vector<switches::Standing>& out) const;
  Status separate(gate::Context& context, const File& file, const Actor& actor, const workflow::Transition& t, const std::string& unavoidable, std::optional<std::string>& exception) const;
  Result<bool> sign(gate::Context& context, File& file, const Actor& actor, const workflow::Transition& t, const MoveIn& in, const std::optional<std::string>& exception) const;
  Status enter(gate::Context& context, File& file, const workflow::Transition& t, const workflow::Region* region);
  Status follow(gate::Context& context, File& file, const Actor& actor, const workflow::Transition& t, const std::string& note);
  Status tell(gate::Context& context, const File& file, const workflow::NoticeRule& rule, int n) const;
  Status tell_addresses(gate::Context& context, const File& file, const Addresses& to, const std::string& say, const std::string& clause, std::optional<Timestamp> due, int n) const;
  Status set_timers(gate::Context& context, File& file, const std::string& region, const workflow::State& state, Timestamp entered) const;
  Status open_linked(gate::Context& context, const File& file, const Actor& actor, const workflow::Opens& opens);
  Status require_here(gate::Context& context, const File& file) const;
  Status rows_of_period(sql::Tx& tx, const std::string& body, Timestamp now, const ReadVersion& read_version, const workflow::Duty& duty,
                        const std::function<Result<bool>(const DutyRow&)>& each) const;
  Status open_duty(gate::Context& context, const workflow::Organisation& here, const workflow::Definition& d, const workflow::Duty& duty, const DutyRow& row);

  Definitions definitions_;
  const approvals::Directory directory_;
  std::map<std::string, Hook> hooks_;
  std::map<std::string, Act> acts_;
  std::set<std::string> events_;
  Clauses clauses_;
  bool mails_ = false;
  mutable std::mutex noticed_mutex_;
  mutable std::set<std::array<std::string, 3>> noticed_;  // body, event, detail
  mutable std::atomic<std::uint64_t> turned_{0};
};

bool by_anybody(const workflow::Transition& t);
// The switches of the program, for checking definitions.
std::map<std::string, std::vector<workflow::SwitchArgument>> switch_names();
// Addresses of office_access that open no more than such a step.
inline constexpr const char* kStepOfAnybody = "step:anyone";
inline constexpr const char* kStepMadeBy = "step:account:";

// denied or the like, with the clause of the step.
Unexpected refused(const std::vector<workflow::ClauseRef>& clauses, Code code, const char* key, std::string detail, std::string who = {});

}  // namespace sekisho::office
