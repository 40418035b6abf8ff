// What the pickers look through.
import { office as api } from '../../api/office';
import type { Found } from './Picker';

export async function findPeople(words: string): Promise<Found[]> {
  return (await api.people(words)).map((person) => ({ id: person.id, name: person.name, note: `${person.department}　${person.login}` }));
}

export async function findCases(register: string, words: string): Promise<Found[]> {
  const page = await api.list(register, { words, limit: 20 });
  return page.items.map((item) => ({ id: item.id, name: [item.number, item.subject].filter(Boolean).join(' '), note: item.state_title }));
}
