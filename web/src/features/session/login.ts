// Logging in may mean waiting: passwords are checked a few at a time, and the server tells how many are served first.
import { session as api } from '../../api';
import type { LoginInput, Session } from '../../api/types';

export async function logIn(input: LoginInput, onPlace: (ahead: number) => void): Promise<Session> {
  let answer = await api.login(input);
  while ('ticket' in answer) {
    onPlace(answer.ahead);
    answer = await api.turn(answer.ticket);
  }
  return answer;
}
