import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** A customer. */
@Entity('users')
export class User {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column()
  email!: string;
}
