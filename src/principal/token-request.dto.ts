import { oneOf, text } from '../http/members.js';
import { MAX_PASSWORD_LENGTH } from '../passwords/password.model.js';

/** T1 (contract 4.7). */
export class TokenRequestDto {
  @oneOf(['password'], { required: true, example: 'password' })
  grant_type!: 'password';

  @text(1, 100, { required: true, description: "The caller's own loginId.", example: 'jane.doe' })
  username!: string;

  @text(1, MAX_PASSWORD_LENGTH, { required: true, example: 'correct horse battery staple' })
  password!: string;
}
