import { text } from '../../http/members.js';
import { countryCode } from './user-member.js';

export class AddressDto {
  @text(0, 250, { nullable: true })
  addressline1?: string | null;

  @text(0, 250, { nullable: true })
  addressline2?: string | null;

  @text(0, 250, { nullable: true, example: '3011' })
  postalCode?: string | null;

  @text(0, 250, { nullable: true, example: 'Bern' })
  city?: string | null;

  @text(0, 250, { nullable: true, example: 'Marktgasse' })
  street?: string | null;

  @text(0, 250, { nullable: true, example: '1' })
  houseNumber?: string | null;

  @countryCode()
  countryCode?: string | null;

  @text(0, 250, { nullable: true })
  postOfficeBoxText?: string | null;

  @text(0, 250, { nullable: true })
  postOfficeBoxNumber?: string | null;

  @text(0, 250, { nullable: true })
  dwellingNumber?: string | null;

  @text(0, 250, { nullable: true })
  locality?: string | null;
}
